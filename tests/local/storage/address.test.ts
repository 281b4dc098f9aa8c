import { addressOf, sourceContainer } from "../../../local/storage/address";
import { permissionFor } from "../../../local/storage/permissions";

describe("an address", () => {
  it.each([
    ["/a/", { kind: "service" }],
    ["/a?comp=list", { kind: "service" }],
    ["/a/input?restype=container", { kind: "container", container: "input" }],
    ["/a/input/", { kind: "container", container: "input" }],
    ["/a/input/x/y%20z.jpg", { kind: "blob", container: "input" }],
    ["/a/input/..dots/../secret", { kind: "blob", container: "input" }],
    ["/a/$root/x", { kind: "blob", container: "$root" }],
  ])("%s is of %j", (url, resource) => {
    expect(addressOf(url, "a").resource).toEqual(resource);
  });

  it.each([
    "/",
    "/b/input/x",
    "//a/input/x",
    "/a//input/x",
    "/a/in%70ut/x",
    "/a/input%2Fx",
    "/a/../input/x",
    "/a/Input/x",
    "/a-secondary/input/x",
    "https://127.0.0.1/a/input/x",
    "/a/input?restype=container&comp=list&comp=acl",
    "/a/input?restype=container&Comp=list&comp=acl",
    "/a/input?restype=container&comp[]=list",
  ])("%s is refused", (url) => {
    expect(() => addressOf(url, "a")).toThrow("does not represent any resource");
  });

  it.each([
    ["https://h/a/secret/x", "secret"],
    ["https://elsewhere:1/a/secret/x?sig=s", "secret"],
    ["https://h/a-secondary/secret/x", "secret"],
    ["https://h/a/se%63ret/x", "secret"],
    ["https://h/b/secret/x", undefined],
  ])("of a copy's source %s finds the container %s", (source, container) => {
    expect(sourceContainer(source, "a")).toBe(container);
  });
});

describe("a copy's source", () => {
  it.each(["https://a.blob.core.windows.net/secret/x", "https://a.localhost/secret/x", "not a URL"])(
    "%s, which could be read in two ways, is refused",
    (source) => {
      expect(() => sourceContainer(source, "a")).toThrow("does not represent any resource");
    },
  );
});

describe("an operation", () => {
  it.each([
    ["POST", "/a/?comp=batch"],
    ["GET", "/a/?comp=blobs&where=x"],
    ["GET", "/a/input?restype=container&comp=blobs"],
    ["GET", "/a/input?comp=list"],
    ["PUT", "/a/blob-in-root"],
    ["POST", "/a/input/x?comp=query"],
    ["PUT", "/a/input/x?comp=toString"],
    ["TRACE", "/a/input/x"],
    ["GET", "/a/?restype=account&comp=properties"],
  ])("that is not known is not let through: %s %s", (method, url) => {
    const { resource, query } = addressOf(url, "a");

    expect(() => permissionFor(method, resource, query)).toThrow("does not implement");
  });
});
