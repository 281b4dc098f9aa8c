// Lint: typed rules, the Pulumi rule about outputs in strings, and the import arrows of ARCHITECTURE.md.
import eslint from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** One import arrow: files in `target` may not import from `from`, but for `except`. */
const zone = (target, from, message, except = []) => ({ target, from, except, message });

const zones = [
  zone("./infra", "./local", "What ships never imports the local cloud."),
  zone("./worker", "./local", "What ships never imports the local cloud."),
  zone("./worker", "./infra", "The worker imports nothing outside worker/."),
  zone("./infra", "./worker", "Only the contract crosses this border.", ["./contract"]),
  zone("./infra/*.ts", "./infra/job", "The program knows the job only by its target.", ["./target.ts"]),
  zone("./infra/job", "./infra", "The job step knows nothing of Pulumi.", [
    "./job",
    "./prices",
    "./autoscale.ts",
  ]),
  zone("./infra/pipeline", "./infra", "A pipeline runs commands, not the program.", [
    "./pipeline",
    "./job/idToken.ts",
  ]),
  zone("./infra/policy", "./infra", "A rule judges what is declared, not how.", ["./policy", "./vmSize.ts"]),
  zone("./infra/review", "./infra", "A review reads a preview, not the program.", [
    "./review",
    "./policy",
    "./prices",
    "./autoscale.ts",
    "./vmSize.ts",
  ]),
  zone(
    "./infra/doctor",
    "./infra",
    "The doctor reads settings, not the program, and asks as the job step does.",
    [
      "./doctor",
      "./job",
      "./armId.ts",
      "./autoscale.ts",
      "./config.ts",
      "./naming.ts",
      "./nodeImage.ts",
      "./stackFiles.ts",
    ],
  ),
  zone("./worker/contract", "./worker", "The contract imports nothing of the worker.", ["./contract"]),
  ...["arm", "batch", "compute", "storage"].flatMap((room) => [
    zone(`./local/${room}`, "./infra", "The cloud's side does not know the program."),
    zone(`./local/${room}`, "./worker", "The cloud's side does not know the worker."),
  ]),
  zone("./local/compute", "./local/batch", "compute knows no HTTP: batch imports compute, never back."),
  zone("./local/compute", "./local/arm", "compute does not know arm."),
  zone("./local/batch", "./local/arm", "batch does not know arm."),
  ...["arm", "batch", "compute"].map((room) =>
    zone("./local/storage", `./local/${room}`, "storage stands before Azurite and knows no other service."),
  ),
  zone("./local", "./infra", "Only apply.ts runs the program; who signs in is asked in one way.", [
    "./index.ts",
    "./layers.ts",
    "./seedImages.ts",
    "./detectionJob.ts",
    "./stackFiles.ts",
    "./job/credential.ts",
  ]),
  ...["infra", "worker", "local"].map((room) => zone(`./${room}`, "./tests", "Nothing imports tests.")),
];

/** Doors to the outside world: the only files that may import a module (types may be imported anywhere). */
const doors = {
  "onnxruntime-node": ["worker/model.ts", "worker/session.ts"],
  sharp: ["worker/image/*.ts", "worker/out/*.ts"],
  esbuild: ["worker/build/*.ts"],
  tar: ["worker/build/*.ts"],
  "@azure/batch": ["infra/job/clients.ts", "local/batch/*.ts"],
  "@azure/identity": ["infra/job/credential.ts", "worker/io/container.ts"],
  "@azure/storage-blob": ["infra/job/clients.ts", "worker/io/container.ts", "local/blobs.ts"],
  "node:child_process": [
    "infra/spawn.ts",
    "worker/startInference.ts",
    "infra/job/stackOutputs.ts",
    "infra/job/openPage.ts",
    "infra/doctor/programs.ts",
    "infra/pipeline/pulumi.ts",
    "worker/build/*.ts",
    "local/child.ts",
    "local/compute/taskProcess.ts",
  ],
  lmdb: ["local/store.ts"],
  "@pulumi/policy": ["infra/policy/index.ts"],
};
const entryPoints = ["**/main.ts", "worker/inference.ts", "infra/job/cli.ts", "local/apply.ts"];

const shipped = ["infra/**/*.ts", "worker/**/*.ts", "local/**/*.ts"];
const closed = (names) => [
  "error",
  {
    paths: names.map((name) => ({
      name,
      allowTypeImports: true,
      message: `One door: ${doors[name].join(", ")}.`,
    })),
  },
];
const doorRules = [
  { files: shipped, rules: { "@typescript-eslint/no-restricted-imports": closed(Object.keys(doors)) } },
  ...[...new Set(Object.values(doors).flat())].map((file) => ({
    files: [file],
    rules: {
      "@typescript-eslint/no-restricted-imports": closed(
        Object.keys(doors).filter((name) => !doors[name].includes(file)),
      ),
    },
  })),
  {
    files: shipped,
    ignores: entryPoints,
    rules: {
      "no-restricted-properties": [
        "error",
        ...["env", "argv", "exit"].map((property) => ({
          object: "process",
          property,
          message: "Only in entry points.",
        })),
      ],
    },
  },
];

export default tseslint.config(
  { ignores: ["node_modules/", "out/", ".local/", ".cache/", "assets/", "coverage/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "import-x": importX, "@pulumi": pulumi },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-cycle": "error",
      "import-x/order": ["error", { alphabetize: { order: "asc" } }],
      "@pulumi/no-output-in-template-literal": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-non-null-assertion": "off", // typed-array loops; a reason is asked for in review
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  ...doorRules,
  {
    files: ["**/*.mjs", "**/*.js", "**/*.cjs"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        fetch: "readonly",
        URL: "readonly",
        require: "readonly",
        module: "writable",
        __dirname: "readonly",
        Buffer: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        performance: "readonly",
        setInterval: "readonly",
      },
    },
  },
);
