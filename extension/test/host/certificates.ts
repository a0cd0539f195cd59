import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** An authority of our own, and what it has signed: [name in the certificate, days from now to its begin, its end, signed by it]. */
const MAKE = `import datetime, ipaddress, pathlib, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
folder, now = pathlib.Path(sys.argv[1]), datetime.datetime.now(datetime.UTC)
name = lambda cn: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)])
def make(file, host, begins, ends, issuer=None):
    key = ec.generate_private_key(ec.SECP256R1())
    cn, signer = host or "our own authority", issuer or (name(host or "our own authority"), key)
    kind = x509.IPAddress(ipaddress.ip_address(host)) if host and host[0].isdigit() else x509.DNSName(host or "authority")
    cert = (x509.CertificateBuilder().subject_name(name(cn)).issuer_name(signer[0]).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=begins)).not_valid_after(now + datetime.timedelta(days=ends))
        .add_extension(x509.BasicConstraints(host is None, None), critical=True)
        .add_extension(x509.SubjectAlternativeName([kind]), critical=False)
        .sign(signer[1], hashes.SHA256()))
    (folder / f"{file}.crt").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (folder / f"{file}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return cert.subject, key
ours = make("authority", None, -400, 400)
make("good", "127.0.0.1", -2, 90, ours)
make("expired", "127.0.0.1", -90, -1, ours)
make("early", "127.0.0.1", 1, 90, ours)
make("name", "elsewhere.example", -2, 90, ours)
make("issuer", "127.0.0.1", -2, 90)
`;

export type Kind = "good" | "expired" | "early" | "name" | "issuer";

/** Certificates for 127.0.0.1 by a new authority; `issuer` is signed by itself. */
export class Certificates {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "goals-certificates-"));

  constructor() {
    execFileSync(path.join(ROOT, ".venv/bin/python"), ["-c", MAKE, this.folder]);
  }

  /** The file of the authority's own certificate. */
  get authority(): string {
    return path.join(this.folder, "authority.crt");
  }

  of(kind: Kind): { key: Buffer; cert: Buffer } {
    const read = (suffix: string) => readFileSync(path.join(this.folder, `${kind}.${suffix}`));
    return { key: read("key"), cert: read("crt") };
  }
}
