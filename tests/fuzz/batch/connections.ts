/** Connections that are slow, and those that are cut: in the middle of a request, or before its answer. */
import { setTimeout as pause } from "node:timers/promises";
import type { FuzzRequest } from "./request";
import { bytesOf, type Endpoint, open, type Outcome, readAnswer } from "./wire";

/** Sends a request in pieces; its answer comes as any other's. */
export async function slowly(
  endpoint: Endpoint,
  request: FuzzRequest,
  pieces: number,
  pauseMs: number,
  deadlineMs: number,
): Promise<Outcome> {
  const socket = await open(endpoint);
  const bytes = bytesOf(request, endpoint);
  const answer = readAnswer(socket, request.verb === "HEAD", deadlineMs);
  const size = Math.ceil(bytes.length / pieces);
  for (let at = 0; at < bytes.length && socket.writable; at += size) {
    socket.write(bytes.subarray(at, at + size));
    await pause(pauseMs);
  }
  const outcome = await answer;
  socket.destroy();
  return outcome;
}

/** Sends a part of a request, perhaps all of it, and is gone. */
export async function cut(
  endpoint: Endpoint,
  request: FuzzRequest,
  part: number,
  afterMs: number,
): Promise<void> {
  const socket = await open(endpoint);
  const bytes = bytesOf(request, endpoint);
  socket.write(bytes.subarray(0, Math.ceil(bytes.length * part)));
  await pause(afterMs);
  socket.destroy();
}
