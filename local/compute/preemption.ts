/** Preemption of nodes: the fault that takes one away at the end of each interval (faults/settings.ts). */
import type { Faults } from "../faults/faults";
import { isUp } from "./nodeState";
import type { Nodes } from "./nodes";
import type { State } from "./state";

export class Preemption {
  private timer: NodeJS.Timeout | undefined;
  private unwatch: (() => void) | undefined;

  constructor(
    private readonly state: State,
    private readonly nodes: Nodes,
    private readonly faults: Faults,
  ) {}

  start(): void {
    this.unwatch = this.faults.onChange(() => this.arm());
    this.arm();
  }

  stop(): void {
    this.unwatch?.();
    clearInterval(this.timer);
  }

  private arm(): void {
    clearInterval(this.timer);
    const { preemption } = this.faults.settings;
    if (preemption === undefined) return;
    const { everySeconds, awaySeconds, nodes } = preemption;
    this.timer = setInterval(() => {
      const exposed = this.state.nodes
        .list()
        .filter((node) => (nodes === "running" ? node.state === "running" : isUp(node)));
      const struck = exposed[this.faults.preempts(exposed.length) ?? -1];
      if (struck !== undefined) this.nodes.preempt(struck, awaySeconds * 1000);
    }, everySeconds * 1000);
  }
}
