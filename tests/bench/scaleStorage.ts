/** The stack's blob service with an input container of any number of images: its listing is made up, all else is passed on. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent } from "node:https";
import { Listener } from "../../local/listener";
import { forward } from "../../local/storage/forward";
import type { Certificate } from "../../local/tls";

/** Storage REST, "List Blobs": at most 5,000 a page. */
const pageImages = 5000;
const cameras = 16;
/** Of a photograph. */
const imageBytes = 200_000;

export interface ScaleStorage {
  readonly blobEndpoint: string;
  /** Of the listing so far. */
  readonly pages: () => number;
  readonly stop: () => Promise<void>;
}

/** `blobEndpoint`: the real one. */
export async function openScaleStorage(
  blobEndpoint: string,
  input: string,
  count: number,
  certificate: Certificate,
): Promise<ScaleStorage> {
  const real = new URL(blobEndpoint);
  const agent = new Agent({ ca: certificate.cert, keepAlive: true });
  let pages = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = new URL(request.url ?? "", real);
    if (asked.pathname === `${real.pathname}/${input}` && asked.searchParams.get("comp") === "list") {
      pages += 1;
      const page = listPage(Number(asked.searchParams.get("marker") ?? 0), count);
      response.writeHead(200, { "content-type": "application/xml" }).end(page);
    } else await forward(request, response, { port: Number(real.port), host: real.host, agent });
  };
  const listener = new Listener(answer, certificate);
  const port = await listener.start(0);
  return {
    blobEndpoint: `https://127.0.0.1:${port}${real.pathname}`,
    pages: () => pages,
    stop: async () => {
      agent.destroy();
      await listener.stop();
    },
  };
}

/** Storage REST, "List Blobs": the answer's body, with what a client reads of it. Names come in order. */
function listPage(start: number, count: number): string {
  const end = Math.min(count, start + pageImages);
  const perCamera = Math.ceil(count / cameras);
  const blobs: string[] = [];
  for (let index = start; index < end; index += 1) {
    const camera = String(Math.floor(index / perCamera)).padStart(2, "0");
    const number = String(index).padStart(8, "0");
    blobs.push(
      `<Blob><Name>camera-${camera}/2026/${number}.jpg</Name><Properties><Creation-Time>Wed, 01 Jul 2026 08:00:00 GMT</Creation-Time>` +
        `<Last-Modified>Wed, 01 Jul 2026 08:00:00 GMT</Last-Modified><Etag>0x8DB${number}</Etag><Content-Length>${imageBytes}</Content-Length>` +
        "<Content-Type>image/jpeg</Content-Type><Content-Encoding /><Content-Language /><Content-CRC64 /><Content-MD5>1B2M2Y8AsgTpgAmY7PhCfg==</Content-MD5>" +
        "<Cache-Control /><Content-Disposition /><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred>" +
        "<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties><OrMetadata /></Blob>",
    );
  }
  const next = end < count ? `<NextMarker>${end}</NextMarker>` : "<NextMarker />";
  return `<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${blobs.join("")}</Blobs>${next}</EnumerationResults>`;
}
