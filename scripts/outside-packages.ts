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

/**
 * Modules that do nothing when they are read but give names: a program that uses one name of a feature comes without the rest of it,
 * above all without its schemas, which are built anew at each start.
 */
export const treeshake = { moduleSideEffects: [{ test: /[\\/]main[\\/](core|model|offline|storage)[\\/]/, sideEffects: false }] }

/** Small modules that nearly every program and command needs lie in one file: opening a file of each takes longer than reading all of them. */
export const codeSplitting = {
  groups: [
    { name: 'plain', test: /[\\/]main[\\/]model[\\/](choice-words|count-of|errors|near-names|plain-text|reported-number|version)\.ts$/ }
  ]
}
