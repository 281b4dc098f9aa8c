// Preloaded into daemons of the local cloud: end when the process that started this one is gone, even if it was killed.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
