export { selectKernels } from "../kernels/select.ts";
