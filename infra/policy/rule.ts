/** What a rule of ours is: a plain function over a resource's inputs, with the words that a person needs who meets it. */

/** A resource as a preview or the engine declares it. */
export interface Subject {
  /** "azure-native:batch:Pool". */
  readonly type: string;
  /** The resource's name in the program: "pool". */
  readonly name: string;
  /** Its inputs; parts that are not known yet are left out. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Rule {
  /** "storage-no-shared-keys": by this name it is excused. */
  readonly name: string;
  /** `advisory` is said and stops nothing. */
  readonly enforcement: "mandatory" | "advisory";
  readonly why: string;
  readonly fix: string;
  /** It asks for other resources too, so that it can judge only when all of them are known. */
  readonly wholeStack?: true;
  /** Sentences about what is wrong with the subject; none when nothing is. `today`: a day, for rules with dates. */
  check(subject: Subject, today: Date, stack: readonly Subject[]): readonly string[];
}

export interface Violation {
  readonly rule: Rule;
  readonly resource: string;
  readonly message: string;
}
