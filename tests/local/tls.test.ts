import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openCertificate, trustEnvironment } from "../../local/tls";
import { withTemporaryFolder } from "../support/temporaryFolder";

describe("the certificate", () => {
  it("is kept between two openings, its key readable by the owner alone", async () => {
    await withTemporaryFolder(async (folder) => {
      const first = await openCertificate(folder);
      const second = await openCertificate(folder);

      expect(second.cert).toBe(first.cert);
      expect(statSync(first.keyFile).mode & 0o077).toBe(0);
    });
  });

  it("is added to the bundle that the environment names, never put in its place", async () => {
    await withTemporaryFolder((folder) => {
      const corporate = join(folder, "corporate.pem");
      writeFileSync(corporate, "CORPORATE\n");
      const environment = trustEnvironment(folder, "OURS\n", {
        NODE_EXTRA_CA_CERTS: corporate,
        SSL_CERT_FILE: corporate,
      });

      for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]) {
        const bundle = readFileSync(environment[name]!, "utf8");
        expect(bundle).toContain("CORPORATE");
        expect(bundle).toContain("OURS");
      }
      return Promise.resolve();
    });
  });
});
