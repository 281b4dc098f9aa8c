/**
 * The local cloud's state on disk: named tables of JSON records in one LMDB file. What `put` returned from survives a crash; so does, once `written`
 * resolves, what was put behind before.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { open } from "lmdb";
import { GroupCommit } from "./groupCommit";

export interface Table<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  delete(key: string): void;
  /** All records whose key starts with `prefix`, in key order. */
  list(prefix?: string): T[];
  clear(): void;
}

export interface BehindTable<T> extends Table<T> {
  /** As `put`, without waiting for the disk. A failure, such as a full disk, ends the process: what is in memory would not be on disk. */
  putBehind(key: string, value: T): void;
  deleteBehind(key: string): void;
}

export interface Store {
  table<T>(name: string): BehindTable<T>;
  /** Resolves when all that was put and deleted behind so far is on disk. */
  written(): Promise<void>;
  close(): Promise<void>;
}

/** A Batch account has five. */
const mostTables = 1024;

/** Opens (or makes) the store in `folder`. One process at a time. It holds keys: the folder is its owner's alone. */
export function openStore(folder: string): Store {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const root = open({ path: join(folder, "state.mdb"), noSubdir: true, maxDbs: mostTables });
  const behind = new GroupCommit();
  return {
    written: () => behind.written(),
    table: <T>(name: string): BehindTable<T> => {
      const records = root.openDB<T, string>({ name, encoding: "json" });
      return {
        get: (key) => records.get(key),
        put: (key, value) => {
          records.putSync(key, value);
        },
        putBehind: (key, value) => behind.add(`${name} ${key}`, () => records.put(key, value)),
        deleteBehind: (key) => behind.add(`${name} ${key}`, () => records.remove(key)),
        delete: (key) => {
          records.removeSync(key);
        },
        clear: () => {
          records.clearSync();
        },
        list: (prefix = "") =>
          [...records.getRange({ start: prefix, end: prefix === "" ? undefined : `${prefix}\uffff` })].map(
            (entry) => entry.value,
          ),
      };
    },
    close: async () => {
      await behind.written();
      await root.close();
    },
  };
}
