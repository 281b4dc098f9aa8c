import { didYouMean } from "../../infra/job/didYouMean";

const tasks = Array.from({ length: 30 }, (_, at) => `shard-${String(at + 1).padStart(5, "0")}`);
const runs = [
  "detect-01234567-0123456789ab",
  "detect-01234567-0123456789ab-2",
  "detect-89abcdef-ffffffffffff",
];

it.each([
  ["shrad-00012", tasks, " Did you mean shard-00012?"],
  ["shard-12", tasks, " Did you mean shard-00012?"],
  ["12", tasks, " Did you mean shard-00012?"],
  ["shard-99999", tasks.slice(0, 1), ""],
  ["elephant", tasks, ""],
  ["", tasks, ""],
  ["--job", tasks, ""],
  ["detect-8", runs, " Did you mean detect-89abcdef-ffffffffffff?"],
  ["detect-01234567-0123456789ab-3", runs, expect.stringContaining("detect-01234567-0123456789ab-2")],
  ["detect-0", runs, " Did you mean one of detect-01234567-0123456789ab, detect-01234567-0123456789ab-2?"],
  ["shard", tasks, " Did you mean one of shard-00001, shard-00002, shard-00003 …?"],
  ["anything", [], ""],
])("of %s", (typed, ids, expected) => {
  expect(didYouMean(typed, ids)).toEqual(expected);
});
