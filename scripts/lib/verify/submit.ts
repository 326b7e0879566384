/**
 * Sends sources to a Blockscout explorer, and waits for its word. By the Etherscan-compatible interface, which every Blockscout has:
 * it gives a receipt to ask for, while that of version 2 tells what became of a submission only to who listens on a socket.
 * Source: docs.blockscout.com, devs/apis/rpc/contract: `verifysourcecode`, `checkverifystatus`.
 */
import type { Layer } from "../../config/localChains";
import { fieldsOf } from "../json";
import type { Build } from "./builds";
import type { Deployed } from "./codes";
import { compilerOf, standardInputOf } from "./standardInput";

/** What became of the sources of one contract. */
export interface Submission {
  readonly type: "verified" | "alreadyVerified" | "failed";
  readonly chain: Layer;
  readonly contract: string;
  readonly address: string;
  /** The explorer's words. */
  readonly message: string;
}

/** What submitting needs of the world. */
export interface SubmitTools {
  /** Base address of the explorer's API. */
  readonly api: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** How often an explorer is asked in vain: for a receipt, and for what became of it. @defaultValue 30 */
  readonly attempts?: number;
  /** Milliseconds between two questions; longer after each that was refused. @defaultValue 3,000 */
  readonly pause?: number;
}

/** The status and the words of an answer, as Etherscan's. */
interface Answer {
  readonly isOk: boolean;
  readonly text: string;
}

/** An explorer that is busy or out of order: it may answer when it is asked again. */
class BusyError extends Error {
  override readonly name = "BusyError";
}

/** MIT, by the number that explorers know. */
const license = "3";
const timeout = 60_000;
/** The longest time between two questions, as a multiple of the shortest. */
const greatestWait = 16;

/** Submits one contract and waits for what becomes of it. Never throws for what the explorer does: that is the result. */
export async function submitSources(deployed: Deployed, build: Build, tools: SubmitTools): Promise<Submission> {
  const { chain, name, address } = deployed;
  const result = (type: Submission["type"], message: string): Submission => {
    return { type, chain, contract: name, address, message };
  };
  try {
    const { isOk, text } = await persist(tools, () =>
      ask(urlOf(tools.api, "verifysourcecode"), formOf(address, build)),
    );
    if (isAlreadyVerified(text)) return result("alreadyVerified", text);
    if (!isOk) return result("failed", text);
    const outcome = await outcomeOf(text, tools);
    return outcome.isOk ? result("verified", outcome.text) : result("failed", outcome.text);
  } catch (error) {
    return result("failed", error instanceof Error ? error.message : String(error));
  }
}

function formOf(address: string, build: Build): FormData {
  const form = new FormData();
  const fields = {
    contractaddress: address,
    contractname: `${build.source}:${build.contract}`,
    compilerversion: compilerOf(build),
    codeformat: "solidity-standard-json-input",
    sourceCode: JSON.stringify(standardInputOf(build)),
    autodetectConstructorArguments: "true",
    licenseType: license,
  };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

/** Asks for what became of a receipt until the explorer knows. An explorer that has just given a receipt may not know it yet. */
async function outcomeOf(receipt: string, tools: SubmitTools): Promise<Answer> {
  const { attempts = 30, pause = 3_000, sleep } = tools;
  const url = urlOf(tools.api, "checkverifystatus");
  url.searchParams.set("guid", receipt);
  let last = "no answer";
  for (let attempt = 0; attempt < attempts; attempt++) {
    await sleep(pause);
    const { text } = await persist(tools, () => ask(url));
    if (/^pass|^already verified/i.test(text)) return { isOk: true, text };
    if (!/^pending|^unknown uid/i.test(text)) return { isOk: false, text };
    last = text;
  }
  return { isOk: false, text: `${last}: still not decided, ask again later` };
}

/** Asks again while the explorer is busy. */
async function persist(tools: SubmitTools, request: () => Promise<Answer>): Promise<Answer> {
  const { attempts = 30, pause = 3_000, sleep } = tools;
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof BusyError) || attempt >= attempts) throw error;
      await sleep(pause * Math.min(greatestWait, 2 ** (attempt - 1)));
    }
  }
}

/** The answer is in `result`; Blockscout puts what it refuses into `message` and leaves `result` empty. */
async function ask(url: URL, form?: FormData): Promise<Answer> {
  const body = await textFrom(url, form);
  try {
    const { status, message, result } = fieldsOf("the explorer's answer", JSON.parse(body)).values;
    const text = [result, message].find((one) => typeof one === "string" && one !== "");
    if (typeof text === "string") return { isOk: String(status) === "1", text };
  } catch {
    // Told below.
  }
  throw new Error(`${url.host} answered what is no answer of an explorer: ${body.slice(0, 120)}`);
}

async function textFrom(url: URL, form: FormData | undefined): Promise<string> {
  const init = form === undefined ? {} : { method: "POST", body: form };
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeout) });
    body = await response.text();
  } catch (error) {
    throw new BusyError(`${url.host} does not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (response.status === 429 || response.status >= 500) throw new BusyError(`${url.host} answers ${response.status}`);
  return body;
}

function urlOf(api: string, action: string): URL {
  const url = new URL(api);
  url.searchParams.set("module", "contract");
  url.searchParams.set("action", action);
  return url;
}

function isAlreadyVerified(text: string): boolean {
  return /already verified/i.test(text);
}
