/** Largest accepted difference of a statement between the native predictor and ONNX Runtime; of amounts beyond 1, as a share of them. */
export const parityLimit = 1e-6
