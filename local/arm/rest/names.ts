/** Whether the name of an account is free: a storage account's in the world, a Batch account's in its region (here: in the cloud). */
import { z } from "zod";
import type { RestCall, RestHandler } from "./call";
import { demandRegistered } from "./providers";
import { regionOf } from "./regions";

const question = (type: string) => z.object({ name: z.string(), type: z.literal(type) });
const accountName = /^[a-z0-9]{3,24}$/;

export const checkStorageName: RestHandler = (call) => {
  demandRegistered(call, "Microsoft.Storage");
  const { name } = question("Microsoft.Storage/storageAccounts").parse(call.body);
  if (!accountName.test(name))
    return {
      nameAvailable: false,
      reason: "AccountNameInvalid",
      message: `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`,
    };
  if (!call.services.storage.has(name)) return { nameAvailable: true };
  return {
    nameAvailable: false,
    reason: "AlreadyExists",
    message: `The storage account named ${name} is already taken.`,
  };
};

export const checkBatchName: RestHandler = (call: RestCall) => {
  demandRegistered(call, "Microsoft.Batch");
  regionOf(call, "locations/checkNameAvailability");
  const { name } = question("Microsoft.Batch/batchAccounts").parse(call.body);
  if (!accountName.test(name))
    return {
      nameAvailable: false,
      reason: "Invalid",
      message: "The account name must be 3 to 24 lower-case letters and digits.",
    };
  if (!call.services.batch.has(name)) return { nameAvailable: true };
  return {
    nameAvailable: false,
    reason: "AlreadyExists",
    message: `An account named '${name}' is already in use.`,
  };
};
