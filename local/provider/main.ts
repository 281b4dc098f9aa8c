/** Entry point of the stand-in for azure-native: Pulumi's engine starts it and reads its port from the first line. */
import { version } from "@pulumi/azure-native/package.json";
import { openArm } from "../armClient";
import { startProvider } from "./server";

// The engine holds our standard input open: when it is killed, this ends too, and with it what it asked for.
process.stdin.resume().once("end", () => process.exit(0));

startProvider({
  openArm: () => openArm(process.env),
  subscriptionId: process.env.ARM_SUBSCRIPTION_ID,
  version,
}).then(
  (port) => console.log(port),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
