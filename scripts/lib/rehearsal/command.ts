/** Runs the repository's own commands as a person would: each a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

/** A process that runs a command. */
export interface Running {
  /** Ends it at once, as a power cut would. */
  readonly kill: () => void;
  /** Asks it to end by itself. */
  readonly stop: () => void;
  readonly isOver: () => boolean;
  /** Becomes known when it has ended. */
  readonly ended: Promise<Outcome>;
}

/** How a command ended. */
export interface Outcome {
  /** `null` when it was killed. */
  readonly code: number | null;
  /** What it wrote, both streams in the order of arrival. */
  readonly output: string;
}

const root = path.join(__dirname, "..", "..", "..");

/**
 * Starts `scripts/<script>.ts`. Contracts have to be compiled.
 *
 * @param onLine - Is given each line of its output.
 */
export function start(
  script: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => undefined,
): Running {
  const tsNode = require.resolve("ts-node/dist/bin");
  const file = path.join(root, "scripts", `${script}.ts`);
  const child = spawn(process.execPath, [tsNode, "--transpile-only", file, ...parameters], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return {
    kill: () => child.kill("SIGKILL"),
    stop: () => child.kill("SIGTERM"),
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    ended: outcomeOf(child, onLine),
  };
}

/** Runs a command to its end. @throws Error with its output when it fails. */
export async function run(
  script: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const { code, output } = await start(script, parameters, environment).ended;
  if (code !== 0) throw new Error(`${script} ended with ${code ?? "a signal"}:\n${output}`);
  return output;
}

async function outcomeOf(child: ChildProcess, onLine: (line: string) => void): Promise<Outcome> {
  let output = "";
  let rest = "";
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, output });
    });
  });
}
