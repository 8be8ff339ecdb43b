/** Native packages and those that find their own files at run time: they are bundled into nothing and ship in node_modules. */
export const outside = [
  /^electron$/,
  // Its interface is bundled: reading the hundred files of it takes longer than a small query.
  /^@duckdb\/node-bindings/,
  /^libsql($|\/)/,
  /^onnxruntime-node($|\/)/,
  /^lz4-napi($|\/)/,
  /^@cyclonedx\//,
  /^ajv/,
  /\.node$/
]
