/** Asking for a password on a terminal. */
import { SecretError } from "./errors";

/** Where a password is typed. */
export interface Terminal extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  readonly setRawMode?: (mode: boolean) => unknown;
}

const enter = ["\r", "\n", "\u0004"];
const interrupt = "\u0003";
const backspace = ["\u007f", "\b"];

/**
 * Asks for a password. What is typed is not shown.
 *
 * @throws {@link SecretError} when nobody can be asked, or who is asked presses Ctrl-C.
 */
export async function askPassword(
  question: string,
  input: Terminal,
  output: Pick<NodeJS.WritableStream, "write">,
): Promise<string> {
  if (input.isTTY !== true || input.setRawMode === undefined) {
    throw new SecretError("--password-variable", "is needed: there is no terminal on which to ask for the password");
  }
  output.write(question);
  input.setRawMode(true);
  try {
    return await readLine(input);
  } finally {
    input.setRawMode(false);
    input.pause();
    output.write("\n");
  }
}

function readLine(input: Terminal): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: readonly string[] = [];
    const end = (finish: () => void) => {
      input.off("data", onData);
      input.off("end", onEnd);
      finish();
    };
    const onEnd = () => {
      end(() => {
        reject(new SecretError("--password-variable", "is needed: the terminal was closed"));
      });
    };
    const onData = (chunk: Buffer | string) => {
      const next = type(typed, chunk.toString());
      if (next.type === "typing") typed = next.typed;
      else if (next.type === "done") {
        end(() => {
          resolve(next.typed.join(""));
        });
      } else onEnd();
    };
    input.on("data", onData);
    input.on("end", onEnd);
    input.resume();
  });
}

type Typing =
  | { readonly type: "typing"; readonly typed: readonly string[] }
  | { readonly type: "done"; readonly typed: readonly string[] }
  | { readonly type: "interrupted" };

function type(before: readonly string[], keys: string): Typing {
  let typed = before;
  for (const key of keys) {
    if (key === interrupt) return { type: "interrupted" };
    if (enter.includes(key)) return { type: "done", typed };
    typed = backspace.includes(key) ? typed.slice(0, -1) : [...typed, key];
  }
  return { type: "typing", typed };
}
