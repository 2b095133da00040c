"""Arrays as NumPy writes them to files, in base64: what the readers of .npy and .npz are tested with.

    python3 numpy-files.py > ../numpy-files.json
"""
import base64, io, json
import numpy as np


def npy(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return base64.b64encode(file.getvalue()).decode()


def npz(save, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return base64.b64encode(file.getvalue()).decode()


weights = np.arange(6, dtype="<f4").reshape(2, 3) / 4
print(json.dumps({
    "float32 [2, 3]": npy(weights),
    "float64 []": npy(np.float64(2.5).reshape(())),
    "float64 [2, 3], Fortran order": npy(np.asfortranarray(np.arange(6, dtype="<f8").reshape(2, 3))),
    "uint8 [2, 3, 4], Fortran order": npy(np.asfortranarray(np.arange(24, dtype="u1").reshape(2, 3, 4))),
    "int32 [3], big-endian": npy(np.array([1, -2, 3], dtype=">i4")),
    "int64 [2, 1], version 2": npy(np.array([[1], [-1]], dtype="<i8"), version=(2, 0)),
    "bool [2], version 3": npy(np.array([True, False]), version=(3, 0)),
    "float16 [4]": npy(np.array([1.5, -0.25, 65504, 6e-8], dtype="<f2")),
    "savez": npz(np.savez, W1=weights, b1=np.zeros(40)),
    "savez_compressed": npz(np.savez_compressed, W1=weights, b1=np.zeros(40)),
}, indent=1))
