/** Why a graph cannot be read as trees and sums. It is no fault of the file: the model is explained as a black box then. */
export class Unreadable extends Error {}

/** What a file says that no ONNX file may say. */
export class Malformed extends Error {}
