/** The certificate of a test's services: for 127.0.0.1, by nobody, of this process. */
import { generate } from "selfsigned";

export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

let made: Promise<TestCertificate> | undefined;

/** One for all tests of a file: making keys takes its time. */
export function certificate(): Promise<TestCertificate> {
  made ??= generate([{ name: "commonName", value: "127.0.0.1" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  }).then(({ private: key, cert }) => ({ key, cert }));
  return made;
}
