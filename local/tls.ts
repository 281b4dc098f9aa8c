/** The local cloud's certificate: one key pair for its HTTPS listeners, and the bundles that make its clients trust it. */
import { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { generate } from "selfsigned";

export interface Certificate {
  /** PEM, and the files that hold it (Azurite takes files). */
  readonly key: string;
  readonly cert: string;
  readonly keyFile: string;
  readonly certFile: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The certificate kept in `folder`, made anew when there is none or it ends within a week. */
export async function openCertificate(folder: string): Promise<Certificate> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = { keyFile: join(folder, "key.pem"), certFile: join(folder, "cert.pem") };
  const kept = readCertificate(files);
  if (kept !== undefined) return kept;

  const made = await generate([{ name: "commonName", value: "127.0.0.1" }], {
    keySize: 2048,
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + 365 * dayMs),
    extensions: [
      // Clients are given this very certificate as their authority.
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  writeFileSync(files.keyFile, made.private, { mode: 0o600 });
  writeFileSync(files.certFile, made.cert);
  return { key: made.private, cert: made.cert, ...files };
}

function readCertificate(files: { keyFile: string; certFile: string }): Certificate | undefined {
  try {
    const cert = readFileSync(files.certFile, "utf8");
    if (Date.parse(new X509Certificate(cert).validTo) < Date.now() + 7 * dayMs) return undefined;
    return { key: readFileSync(files.keyFile, "utf8"), cert, ...files };
  } catch {
    return undefined; // absent or damaged: the caller makes a new one
  }
}

/**
 * The variables by which programs learn whom to trust, naming bundles in `folder` of what these variables already name plus
 * our certificate: people work behind corporate proxies, and replacing their bundle would break npm and pip.
 */
export function trustEnvironment(
  folder: string,
  cert: string,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const extra = readOptional(environment.NODE_EXTRA_CA_CERTS);
  const whole =
    readOptional(environment.SSL_CERT_FILE ?? environment.REQUESTS_CA_BUNDLE) || rootCertificates.join("\n");
  const extraFile = join(folder, "extra-ca.pem");
  const wholeFile = join(folder, "ca-bundle.pem");
  writeFileSync(extraFile, [extra, cert].join("\n"));
  writeFileSync(wholeFile, [whole, extra, cert].join("\n"));
  // Node adds NODE_EXTRA_CA_CERTS to its own roots; OpenSSL and Python's requests use the file they are given instead of theirs.
  return { NODE_EXTRA_CA_CERTS: extraFile, SSL_CERT_FILE: wholeFile, REQUESTS_CA_BUNDLE: wholeFile };
}

function readOptional(file: string | undefined): string {
  if (file === undefined || file === "") return "";
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // as Node does with a NODE_EXTRA_CA_CERTS it cannot read
  }
}
