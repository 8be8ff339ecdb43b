/** Native packages and those that find their own files at run time: they are bundled into nothing and ship in node_modules. */
export const outside = [
  /^electron$/,
  /^@duckdb\//,
  /^libsql($|\/)/,
  /^onnxruntime-node($|\/)/,
  /^lz4-napi($|\/)/,
  /^@cyclonedx\//,
  /^ajv/,
  /\.node$/
]
