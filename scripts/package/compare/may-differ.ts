/**
 * Where two builds of one commit may differ: each signature draws a random number. model.sig lists the digest of the signed provenance besides
 * those of files that are compared themselves, and the checksums in `dist` name the update file, which holds both.
 */
const signed = [/(^|[/ ])model\.sig$/, /(^|[/ ])provenance\.json > signature$/, /^SHA256SUMS$/]

/** Whether two builds of one commit may differ at this place; decision 28 says why. */
export const mayDiffer = (place: string): boolean => signed.some((each) => each.test(place))
