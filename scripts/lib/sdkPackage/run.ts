import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * Runs a program to its end and gives what it printed.
 *
 * @throws Error with everything that it printed, when it fails.
 */
export async function run(folder: string, program: string, ...parameters: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute(program, parameters, { cwd: folder, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = printedBy(error);
    const command = [program, ...parameters].join(" ");
    throw new Error(`${command} failed:\n${stdout}${stderr}`.trimEnd(), { cause: error });
  }
}

function printedBy(error: unknown): { readonly stdout: string; readonly stderr: string } {
  const fields: object = typeof error === "object" && error !== null ? error : {};
  return {
    stdout: "stdout" in fields ? String(fields.stdout) : "",
    stderr: "stderr" in fields ? String(fields.stderr) : String(error),
  };
}
