/** The four files of MNIST (LeCun, Cortes & Burges 1998), as first published. */
export interface MnistFile {
  readonly name: string;
  readonly split: "train" | "test";
  readonly part: "images" | "labels";
  /** of the unpacked file */
  readonly md5: string;
  readonly bytes: number;
}

export const mnistFiles: readonly MnistFile[] = [
  {
    name: "train-images-idx3-ubyte",
    split: "train",
    part: "images",
    md5: "6bbc9ace898e44ae57da46a324031adb",
    bytes: 47_040_016,
  },
  {
    name: "train-labels-idx1-ubyte",
    split: "train",
    part: "labels",
    md5: "a25bea736e30d166cdddb491f175f624",
    bytes: 60_008,
  },
  {
    name: "t10k-images-idx3-ubyte",
    split: "test",
    part: "images",
    md5: "2646ac647ad5339dbf082846283269ea",
    bytes: 7_840_016,
  },
  {
    name: "t10k-labels-idx1-ubyte",
    split: "test",
    part: "labels",
    md5: "27ae3e4e09519cfbb04c329615203637",
    bytes: 10_008,
  },
];

/** Of the four files as first published, by `fingerprintOf`. */
export const mnistFingerprint = "f5a4ea9a7523584b";

/** Folders on the web that hold the four files packed with gzip, tried in this order. */
export const mnistMirrors: readonly string[] = [
  "https://storage.googleapis.com/cvdf-datasets/mnist/",
  "https://ossci-datasets.s3.amazonaws.com/mnist/",
  "https://azureopendatastorage.blob.core.windows.net/mnist/",
];
