/** What is done to a request: to its path, its query, its headers, its body, and to the HTTP that carries them. */
import { levelsOfTask } from "./accounts";
import type { FuzzRequest } from "./request";

/** 0 ≤ x < 1. */
export type Random = () => number;

export type Mutation = (request: FuzzRequest, random: Random) => FuzzRequest;

const oneOf = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)]!;
const below = (limit: number, random: Random): number => Math.floor(random() * limit);
const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/**
 * Where somebody who wants out of a task's directory would go, and how many folders up: to the other account of the target, to its key, its state and
 * a decoy; or through a task's links. All of it is the target's own, and made to be lost: see `levelsBelow`.
 */
const outside: readonly (readonly [string, number])[] = [
  ["other/pool/NODE/tasks/workitems/job/job-1/task/stdout.txt", levelsOfTask - 1],
  ["other/pool/NODE/tasks/workitems/job/job-1/task", levelsOfTask - 1],
  ["state/state.mdb", levelsOfTask],
  ["key.pem", levelsOfTask],
  ["outside/decoy.txt", levelsOfTask],
];
/** A node's directory is so many folders above a task's. */
const nodeAboveTask = 4;
const ups = [
  "../",
  "..%2f",
  "%2e%2e/",
  "%2e%2e%2f",
  "..%5c",
  "%252e%252e%252f",
  "%c0%ae%c0%ae/",
  "..;/",
  "....//",
];
const links = [
  "wd/other/stdout.txt",
  "wd/outside/decoy.txt",
  "wd/up/state/state.mdb",
  "wd/self/self/self/stdout.txt",
];

/** What ids and names are not made for. */
const strangeSegments = [
  "",
  ".",
  "..",
  "%00",
  "task%00.txt",
  "%2e",
  "%2e%2e",
  "%252e%252e",
  "%",
  "%zz",
  "%e0%a4%a",
  "%ff%fe",
  "%F0%9F%92%A3",
  bytes("ключ"),
  bytes("é̀\u202e\ufeff"),
  "\xff\xfe\x80",
  "*",
  ":jobId",
  "__proto__",
  "constructor",
  "toString",
  "a".repeat(65),
  "a".repeat(3000),
  "%61".repeat(2000),
  "job%2ftasks",
  "job;a=b",
  "job%3f",
  "job%23",
  "JOB",
  "0",
  "-1",
  "$metadata",
  "(a='b')",
  "~",
  "con",
  "'",
  "%27%20or%20%271%27%20eq%20%271",
];

/** What a property is not made for, as JSON text: so numbers and duplicates keep what JavaScript would make of them. */
const strangeJson = [
  "null",
  "true",
  "0",
  "-1",
  "1",
  "2147483647",
  "2147483648",
  "-2147483649",
  "9007199254740993",
  "1e400",
  "-1e400",
  "1e-400",
  "0.1",
  "-0",
  "123456789012345678901234567890",
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\ud83d\\udca3"',
  '"../../../../outside/decoy.txt"',
  '"/outside/decoy.txt"',
  '"__proto__"',
  '"P"',
  '"PT"',
  '"P99999999999999999999D"',
  '"-PT1M"',
  '"PT0.0000000000000000001S"',
  '"2024-99-99T99:99:99Z"',
  '"https://blobs.example/%"',
  '"http://["',
  '"file:///outside/decoy.txt"',
  '"\\"\'`$(true);&|"',
  "[]",
  "[null]",
  "[[[[]]]]",
  "{}",
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"toString":1,"valueOf":1}',
  '{"length":1e9}',
  `"${"x".repeat(5000)}"`,
  `[${"1,".repeat(2000)}1]`,
];

const strangeFilters = [
  "",
  " ",
  "id",
  "id eq",
  "eq eq eq",
  "id eq 'a",
  "id eq ''''",
  "id eq 'a' and",
  "and and and",
  "not (id eq 'a')",
  "state lt 'active'",
  "creationTime gt DateTime'never'",
  "creationTime gt 5",
  "executionInfo/exitCode eq 99999999999999999999999",
  "executionInfo/exitCode eq 1.5",
  "startswith(id)",
  "startswith('a',id)",
  "startswith(id,'a','b')",
  "__proto__ eq 'a'",
  "constructor eq 'a'",
  "toString/length eq 1",
  "id eq 'a' or ".repeat(600) + "id eq 'a'",
  `${"(".repeat(7000)}id eq 'a'${")".repeat(7000)}`,
  `${"not ".repeat(3000)}true`,
  "id eq '\0'",
  "id eq 'ключ'",
  "id/id/id/id eq 'a'",
];

const strangeNumbers = [
  "",
  "0",
  "-1",
  "1",
  "1001",
  "1e3",
  "0x10",
  "1.5",
  "NaN",
  "99999999999999999999",
  " 5 ",
  "%00",
];
const strangeDates = [
  "",
  "yesterday",
  "0",
  "Thu, 01 Jan 1970 00:00:00 GMT",
  "Fri, 31 Dec 9999 23:59:59 GMT",
  "2024-01-01",
  "-271821-04-20T00:00:00.000Z",
  "x".repeat(3000),
];
const strangeValues = [
  "",
  " ",
  "*",
  '"*"',
  'W/"0x1"',
  '"a", "b"',
  "0",
  "-1",
  "true",
  "bytes=",
  "bytes=-",
  "bytes=0-",
  "bytes=-0",
  "bytes=5-2",
  "bytes=0-0,2-3",
  "bytes=99999999999999999999-",
  "bytes=0-99999999999999999999999999",
  "items=0-1",
  "\xe9\xff\x80",
  "x".repeat(8000),
  "a\tb",
];

const withHeader = (request: FuzzRequest, name: string, value: string): FuzzRequest => ({
  ...request,
  headers: [
    ...request.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase()),
    [name, value],
  ],
});

const withParameter = (request: FuzzRequest, name: string, value: string, random: Random): FuzzRequest => {
  const parts = request.query.split("&").filter((part) => random() < 0.2 || !part.startsWith(`${name}=`));
  return { ...request, query: [...parts, `${name}=${encodeURIComponent(value)}`].join("&") };
};

/** A property of a body that is replaced, by its place among all of them. */
function replaced(body: string, random: Random, change: (text: string) => string): string {
  const places = [
    ...body.matchAll(/(?<=[:[,])("(?:[^"\\]|\\.)*"(?!:)|-?\d[\d.]*|true|false|null|\{\}|\[\])/g),
  ];
  const place = places[below(places.length, random)];
  if (place === undefined) return change(body);
  return body.slice(0, place.index) + change(place[0]) + body.slice(place.index + place[0].length);
}

export const mutations: Readonly<Record<string, Mutation>> = {
  "path-segment": (request, random) => {
    const segments = request.path.split("/");
    segments[1 + below(segments.length - 1, random)] = oneOf(strangeSegments, random);
    return { ...request, path: segments.join("/") };
  },
  "path-outside": (request, random) => {
    const isOfNode = random() < 0.3;
    const [target, levels] = oneOf(outside, random);
    const folder = oneOf(["", "", "", "wd/", "./", "%2f", "%00"], random);
    const up =
      levels - (isOfNode ? nodeAboveTask : 0) + (folder === "wd/" ? 1 : 0) + (random() < 0.2 ? 1 : 0);
    const home = isOfNode ? "/pools/pool/nodes/HOME/files/" : "/jobs/job/tasks/task/files/";
    const linked = `${isOfNode ? "workitems/job/job-1/task/" : ""}${oneOf(links, random)}`;
    const to = random() < 0.3 ? linked : folder + oneOf(ups, random).repeat(up) + target;
    const verb = random() < 0.7 ? "GET" : oneOf(["HEAD", "DELETE"], random);
    return { ...request, verb, path: home + to, headers: [], body: undefined };
  },
  "path-shape": (request, random) => {
    const { path } = request;
    const shapes = [
      `/${path}`,
      `${path}/`,
      `${path}//`,
      path.slice(1),
      path.toUpperCase(),
      `https://other.example${path}`,
      `${path}#fragment`,
      `${path};v=1`,
      path.replaceAll("/", "\\"),
      path.replaceAll("/", "%2f"),
      path + "/x".repeat(2000),
      "*",
      "/",
    ];
    const shape = oneOf(shapes, random);
    return { ...request, path: shape, ...(shape.startsWith("/") ? {} : { isBroken: true }) };
  },
  verb: (request, random) => {
    const verb = oneOf(
      ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND"],
      random,
    );
    return { ...request, verb };
  },
  filter: (request, random) => withParameter(request, "$filter", oneOf(strangeFilters, random), random),
  parameter: (request, random) => {
    const name = oneOf(
      ["maxresults", "$select", "$expand", "$skiptoken", "timeout", "recursive", "api-version"],
      random,
    );
    const values = [
      ...strangeNumbers,
      ...strangeFilters,
      "id,state",
      "id,",
      ",,,",
      "stats",
      "task",
      "zzzz",
      "/",
    ];
    return withParameter(request, name, oneOf(values, random), random);
  },
  "query-shape": (request, random) => {
    const { query } = request;
    const shapes = ["", "?", "&", "=", "&&&==", "%", "%zz=%zz", `${query}&${query}`, `${query}&__proto__=1`];
    const more = [query.replaceAll("=", ""), `${query}&${"a=b&".repeat(2000)}`, query.replaceAll("&", ";")];
    return { ...request, query: oneOf([...shapes, ...more, `${query}&a=${"%41".repeat(4000)}`], random) };
  },
  condition: (request, random) => {
    const names = ["If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"];
    const one = withHeader(request, oneOf(names, random), oneOf([...strangeValues, ...strangeDates], random));
    return random() < 0.5 ? one : withHeader(one, oneOf(names, random), oneOf(strangeValues, random));
  },
  header: (request, random) => {
    const names = [
      "ocp-range",
      "Range",
      "ocp-anything",
      "client-request-id",
      "return-client-request-id",
      "Content-Type",
      "Content-Encoding",
      "Content-MD5",
      "Accept",
      "Expect",
      "X-Forwarded-For",
      "Cookie",
    ];
    return withHeader(request, oneOf(names, random), oneOf(strangeValues, random));
  },
  date: (request, random) =>
    withHeader(request, oneOf(["ocp-date", "Date"], random), oneOf(strangeDates, random)),
  authorization: (request, random) => {
    const values = [
      "",
      "SharedKey",
      "SharedKey ",
      "SharedKey :",
      "SharedKey first:",
      "SharedKey first:AAAA",
      "SharedKey other:AAAA",
      `SharedKey first:${"A".repeat(5000)}`,
      "SharedKeyLite first:AAAA",
      "Basic Zmlyc3Q6eA==",
      "Bearer",
      "Bearer x",
      "Bearer a.b.c",
      "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
      "\xff\xfe",
    ];
    return { ...request, authorization: oneOf(values, random) };
  },
  property: (request, random) => {
    const body = replaced(request.body ?? '{"a":1}', random, () => oneOf(strangeJson, random));
    return { ...request, body };
  },
  properties: (request, random) => {
    let body = request.body ?? '{"a":1}';
    for (let times = 2 + below(4, random); times > 0; times--)
      body = replaced(body, random, () => oneOf(strangeJson, random));
    return { ...request, body };
  },
  "property-name": (request, random) => {
    const names = [
      "unknown",
      "__proto__",
      "constructor",
      "ID",
      "",
      "id ",
      "\\u0000",
      "odata.metadata",
      "toString",
    ];
    const name = oneOf(names, random);
    const added = `{"${name}":${oneOf(strangeJson, random)},`;
    const body = request.body ?? "{}";
    if (random() < 0.5) return { ...request, body: body.replace("{", added) };
    return {
      ...request,
      body: body.replace(/"\w+":/, (known) => `${known}${oneOf(strangeJson, random)},"${name}":`),
    };
  },
  "property-twice": (request, random) => {
    const body = request.body ?? "{}";
    const again = /"\w+":/.exec(body)?.[0] ?? '"a":';
    return { ...request, body: body.replace("{", `{${again}${oneOf(strangeJson, random)},`) };
  },
  "body-text": (request, random) => {
    const body = request.body ?? '{"a":[1,2,3]}';
    const at = below(body.length, random);
    const texts = [
      body.slice(0, at),
      body.slice(at),
      body.slice(0, at) + oneOf(['"', "{", "}", "[", ",", "\0", "\xff", "\\"], random) + body.slice(at),
      `\xef\xbb\xbf${body}`,
      `${body}${body}`,
      ` \r\n\t${body}\n`,
      "not json",
      '"text"',
      "[]",
      "null",
      "5",
      "\0\0\0\0",
    ];
    return { ...request, body: oneOf(texts, random) };
  },
  depth: (request, random) => {
    const levels = 10 ** (2 + below(4, random));
    const deep = oneOf(
      [
        "[".repeat(levels) + "]".repeat(levels),
        '{"a":'.repeat(levels) + "1" + "}".repeat(levels),
        "[".repeat(levels),
      ],
      random,
    );
    const formula = `"$TargetDedicatedNodes = ${oneOf(["(", "-", "!", "avg("], random).repeat(levels / 10)}1;"`;
    return {
      ...request,
      body: replaced(request.body ?? '{"a":1}', random, () => (random() < 0.7 ? deep : formula)),
    };
  },
  /** Up to 2 MB. */
  size: (request, random) => {
    const length = oneOf(
      [1000, 70_000, 900_000, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 2_000_000],
      random,
    );
    const body = request.body ?? '{"a":1}';
    const texts = [
      replaced(body, random, () => `"${"x".repeat(length)}"`),
      body + " ".repeat(Math.max(0, length - body.length)),
      replaced(body, random, () => `[${'{"id":"a"},'.repeat(length / 11)}1]`),
    ];
    return { ...request, body: oneOf(texts, random) };
  },
  "length-header": (request, random) => {
    const values = ["0", "1", "-1", "abc", "", "5, 5", "0x10", "1e3", "+5", "99999999999999999999"];
    const body = request.body ?? "{}";
    return { ...withHeader({ ...request, body }, "Content-Length", oneOf(values, random)), isBroken: true };
  },
  chunks: (request, random) => {
    const text = request.body ?? "{}";
    const whole = `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
    const bodies = [
      whole,
      whole,
      "zz\r\n",
      "0\r\n\r\n",
      "ffffffffffffffffff\r\n",
      "-1\r\n",
      "5;ext=1\r\nhello\r\n0\r\n\r\n",
    ];
    return {
      ...withHeader({ ...request, body: oneOf(bodies, random) }, "Transfer-Encoding", "chunked"),
      isBroken: true,
    };
  },
  "not-http": (request, random) => {
    const broken = [
      { ...request, verb: "G\0T" },
      { ...request, verb: "" },
      { ...request, path: `${request.path}\0` },
      { ...request, path: `${request.path} HTTP/1.1\r\nX: ` },
      { ...request, path: `/${"a".repeat(20_000)}` },
      withHeader(request, "X-Long", "x".repeat(20_000)),
      withHeader(request, "X-Control", "a\x01b"),
      withHeader(request, "X Space", "a"),
      withHeader(request, "", "a"),
      withHeader(request, "X-Split", "a\r\nHost: other"),
      { ...request, headers: Array.from({ length: 3000 }, (_, at) => [`X-${at}`, "a"] as const) },
    ];
    return { ...oneOf(broken, random), isBroken: true };
  },
};
