import type { CertificateFacts, SignerIdentity } from '../../../main/model/bundle'
import { KeyValueList, TimeText } from '../../ui'

const anchors: Record<SignerIdentity['anchoredBy'], string> = {
  'public-key': 'yes, by the public key that you gave',
  fingerprint: 'yes, by the fingerprint that you gave',
  'root-certificate': 'yes, by the root certificate that you gave',
  person: 'yes, as one of the people that you gave',
  none: 'no: nothing that you gave names this signer'
}

/** Who signed, as far as the signature itself says. */
export function SignerFacts({ signer }: { signer: SignerIdentity }) {
  return (
    <div data-selectable>
      <KeyValueList
        items={[
          signer.knownAs !== null && { label: 'Known as', value: signer.knownAs },
          signer.certificate && { label: 'Name', value: signer.certificate.subject },
          { label: 'Trusted', value: anchors[signer.anchoredBy] },
          { label: 'Signed with', value: signer.kind === 'key' ? 'a bare key, without a certificate' : 'a certificate' },
          { label: 'Key fingerprint', value: signer.keyFingerprint, mono: true },
          signer.curve !== null && { label: 'Curve', value: signer.curve },
          ...(signer.certificate ? certificateItems(signer.certificate) : [])
        ]}
      />
      {signer.chain.length > 1 && (
        <ol aria-label="Certificate chain" className="mt-2 list-decimal pl-5 text-caption">
          {signer.chain.map((certificate) => (
            <li key={certificate.fingerprint}>
              {certificate.subject} <span className="text-muted">issued by {certificate.issuer}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function certificateItems(certificate: CertificateFacts) {
  return [
    { label: 'Issued by', value: certificate.issuer },
    {
      label: 'Valid',
      value: (
        <>
          <TimeText value={certificate.validFrom} /> to <TimeText value={certificate.validTo} />
        </>
      )
    },
    { label: 'Serial number', value: certificate.serialNumber, mono: true }
  ]
}
