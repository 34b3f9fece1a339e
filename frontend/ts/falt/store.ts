import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { type Keys, type Sealed, newKeys, seal, unseal, utf8 } from "./vault";

/** What the phone keeps, in two tables: things (JSON) and bytes (photos). Both are sealed; only ids and kinds are plain. */
interface Tables extends DBSchema {
  keys: { key: string; value: Keys };
  things: { key: string; value: Kept & { kind: string }; indexes: { kind: string } };
  bytes: { key: string; value: Kept };
}
type Kept = { id: string } & Sealed;

/** One step of a change: all steps of a change are kept, or none. Neither value nor bytes: it is removed. */
export interface Step {
  id: string;
  kind?: string;
  value?: unknown;
  bytes?: ArrayBuffer;
  /** Removes what is left out; else it stands. */
  forget?: "thing" | "bytes" | "both";
}

/** Nothing more fits in the phone; what was to be kept is not, and what was there stands. */
export class Full extends Error {}

const NAME = "tryggplats-falt";
const VERSION = 1;
const STUCK_MS = 500;

/**
 * The phone's store. A promise of `write` is fulfilled when the browser says that it is on the disk (strict durability).
 *
 * Browsers close a connection under memory pressure, with the page alive (WebKit); the next call opens it again.
 * Photos are ArrayBuffers, since WebKit loses Blobs.
 */
export class Store {
  private database: Promise<IDBPDatabase<Tables>> | null = null;
  private keys: Promise<Keys> | null = null;
  private readonly others = new BroadcastChannel(`${NAME}-oppnar`);

  constructor() {
    this.others.onmessage = () => undefined; // it is enough to be called on, see `connection`
  }

  /** Reads a thing; undefined when there is none, or when its key is gone. */
  async read<T>(id: string): Promise<T | undefined> {
    const found = await this.run((database) => database.get("things", id));
    return found && this.opened<T>(found);
  }

  /** Reads all things of a kind that can be read, in the order of their ids. */
  async list<T>(kind: string): Promise<T[]> {
    const found = await this.run((database) => database.getAllFromIndex("things", "kind", kind));
    const opened = await Promise.all(found.map((one) => this.opened<T>(one)));
    return opened.filter((one) => one !== undefined);
  }

  async bytes(id: string): Promise<ArrayBuffer | undefined> {
    const found = await this.run((database) => database.get("bytes", id));
    return found && unseal(await this.theKeys(), id, found);
  }

  /** Keeps all of the steps or none. Throws Full when there is no room. */
  async write(...steps: Step[]): Promise<void> {
    const keys = await this.theKeys();
    const sealed = await Promise.all(steps.map(async (step) => ({
      step,
      thing: step.value === undefined ? null : await seal(keys, step.id, utf8(JSON.stringify(step.value))),
      bytes: step.bytes === undefined ? null : await seal(keys, step.id, step.bytes),
    })));
    try {
      await this.run(async (database) => {
        const change = database.transaction(["things", "bytes"], "readwrite", { durability: "strict" });
        const [things, bytes] = [change.objectStore("things"), change.objectStore("bytes")];
        const asked: Promise<unknown>[] = [];
        for (const { step, ...made } of sealed) {
          const { id } = step;
          if (made.thing) asked.push(things.put({ id, kind: step.kind ?? "", ...made.thing }));
          if (made.bytes) asked.push(bytes.put({ id, ...made.bytes }));
          if (step.forget === "thing" || step.forget === "both") asked.push(things.delete(id));
          if (step.forget === "bytes" || step.forget === "both") asked.push(bytes.delete(id));
        }
        await Promise.all([...asked, change.done]);
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "QuotaExceededError") throw new Full();
      throw error;
    }
  }

  /**
   * Changes a thing as it stands now: nobody else, in this page or another tab, changes one between the reading and
   * the writing. `work` gives what it becomes, with what is kept in the same breath; null leaves it.
   */
  async change<T>(id: string, kind: string, work: (now: T) => T | [T, ...Step[]] | null): Promise<T | undefined> {
    return navigator.locks.request("tryggplats-andrar", async () => {
      const now = await this.read<T>(id);
      const made = now === undefined ? null : work(now);
      if (made === null) return now;
      const [value, ...more] = Array.isArray(made) ? made : [made];
      await this.write({ id, kind, value }, ...(more as Step[]));
      return value as T;
    });
  }

  /** Removes all that is kept, the keys too. */
  async wipe(): Promise<void> {
    await this.clear("keys", "things", "bytes");
    this.keys = null;
  }

  /** Removes all that is kept; the keys stay. */
  async empty(): Promise<void> {
    await this.clear("things", "bytes");
  }

  private async clear(...tables: ("keys" | "things" | "bytes")[]): Promise<void> {
    await this.run(async (database) => {
      const change = database.transaction(tables, "readwrite", { durability: "strict" });
      await Promise.all([...tables.map((name) => change.objectStore(name).clear()), change.done]);
    });
  }

  /** The phone's keys, made when they are first asked for. */
  theKeys(): Promise<Keys> {
    this.keys ??= this.readKeys().catch((error: unknown) => {
      this.keys = null;
      throw error;
    });
    return this.keys;
  }

  private async readKeys(): Promise<Keys> {
    const made = await newKeys(); // before the transaction, which does not wait for it
    return this.run(async (database) => {
      const change = database.transaction("keys", "readwrite", { durability: "strict" });
      const known = await change.store.get("own"); // another tab may have made them
      if (!known) await change.store.put(made, "own");
      await change.done;
      return known ?? made;
    });
  }

  private async opened<T>(kept: Kept): Promise<T | undefined> {
    const bytes = await unseal(await this.theKeys(), kept.id, kept).catch(() => null); // of another key: it is lost
    return bytes ? JSON.parse(new TextDecoder().decode(bytes)) as T : undefined;
  }

  /** Runs `work`, once more on a new connection where the browser has closed the old one. */
  private async run<T>(work: (database: IDBPDatabase<Tables>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.connection());
    } catch (error) {
      const closed = error instanceof DOMException && ["InvalidStateError", "AbortError"].includes(error.name);
      if (!closed || this.database) {
        if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error;
      }
      this.database = null;
      return work(await this.connection());
    }
  }

  /**
   * Opens the store. A page that is left while it opens it may be kept frozen by the browser (back/forward cache), and
   * its unfinished opening then holds up everybody's. A frozen page that is called on is ended by the browser.
   */
  private connection(): Promise<IDBPDatabase<Tables>> {
    this.database ??= this.open();
    return this.database;
  }

  private async open(): Promise<IDBPDatabase<Tables>> {
    const call = setInterval(() => this.others.postMessage(null), STUCK_MS);
    try {
      return await openDB<Tables>(NAME, VERSION, {
        upgrade(database) {
          database.createObjectStore("keys");
          database.createObjectStore("things", { keyPath: "id" }).createIndex("kind", "kind");
          database.createObjectStore("bytes", { keyPath: "id" });
        },
        blocking: (_now, _next, event) => (event.target as IDBDatabase).close(),
        terminated: () => { this.database = this.keys = null; }, // what is there may have been erased, the keys too
      });
    } catch (error) {
      this.database = null;
      throw error;
    } finally {
      clearInterval(call);
    }
  }
}
