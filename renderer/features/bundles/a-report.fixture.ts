import type { VerificationReport } from '../../../main/model/bundle'
import { Sha256 } from '../../../main/model/reference'

export const author = Sha256.parse('a'.repeat(64))
export const reviewer = Sha256.parse('b'.repeat(64))
export const signer = {
  kind: 'key' as const,
  keyFingerprint: author,
  curve: 'P-256' as const,
  publicKeyPem: 'PEM',
  certificate: null,
  chain: [],
  anchoredBy: 'none' as const,
  knownAs: null
}

/** A report of a bundle that is whole, or has one changed file. */
export function aReport(verdict: VerificationReport['verdict'], change: Partial<VerificationReport> = {}): VerificationReport {
  const altered = { name: 'model/model.onnx', problem: 'changed' as const, expected: 'c'.repeat(64), actual: 'd'.repeat(64) }
  return {
    path: '/b/x.drydock',
    form: 'file',
    verdict,
    summary: verdict === 'altered' ? 'Do not use this bundle. model/model.onnx was changed.' : 'Every file is as signed.',
    missing: verdict === 'insufficient' ? ['Trust in the author: Nobody vouches.'] : [],
    notChecked: ['whether others approve it', 'decisions that are not in the bundle'],
    decisions: { approvedBy: [], rejectedBy: [], releasedBy: [], unknown: [], remarks: [] },
    checkedAt: '2026-03-01T10:00:00.000Z',
    judgedAt: '2026-03-01T10:00:00.000Z',
    subjectName: 'x-1',
    root: Sha256.parse('e'.repeat(64)),
    bundleDigest: Sha256.parse('f'.repeat(64)),
    signer,
    checks: [
      { id: 'container', title: 'The container is safe to read', status: 'pass', detail: 'Fine.', files: [] },
      {
        id: 'files',
        title: 'Every file is as it was signed',
        status: verdict === 'altered' ? 'fail' : 'pass',
        detail: 'Compared.',
        files: verdict === 'altered' ? [altered] : []
      },
      {
        id: 'trust',
        title: 'The signer is somebody you trust',
        status: verdict === 'insufficient' ? 'warn' : 'pass',
        detail: 'Nobody vouches.',
        files: []
      }
    ],
    attestations: [],
    totals: { signedFiles: 2, signedBytes: 20, attestationFiles: 0, allFiles: 3, allBytes: 30 },
    ...change
  }
}
