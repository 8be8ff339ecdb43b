/** Set by a build for a package that is given another version, such as one that tries an update; nowhere else. */
declare const BUILT_VERSION: string | undefined

/** The version that documents and bundles name; equal to package.json, which a test checks. */
export const DRYDOCK_VERSION: string = typeof BUILT_VERSION === 'string' ? BUILT_VERSION : '0.1.0'
