/** What `npm run propose` is asked for on its command line. */
import { getAddress, isHexString } from "ethers";

import type { Layer } from "../../config/localChains";
import type { Actors } from "../deployment";
import { type UpgradeableContract, upgradeableContracts } from "../layouts";
import { GovernanceError } from "./errors";
import type { Request } from "./makeProposal";

/** For `parseArgs`. */
export const requestOptions = {
  /** `l1` or `l2`. */
  chain: { type: "string" },
  /** A call: the contract, its function and the arguments as JSON. */
  contract: { type: "string" },
  function: { type: "string" },
  arguments: { type: "string" },
  /** An upgrade: the contract and its new implementation. */
  upgrade: { type: "string" },
  implementation: { type: "string" },
  /** Calls off what was announced. */
  cancel: { type: "boolean" },
  operation: { type: "string" },
  /** Who acts: governance, guardian or keeper. */
  as: { type: "string" },
} as const;

/** Their values, as `parseArgs` gives them. */
export type RequestValues = {
  readonly [K in keyof typeof requestOptions]?: (K extends "cancel" ? boolean : string) | undefined;
};

/** The command line does not say what is wanted. */
export class RequestError extends GovernanceError {
  override readonly name = "RequestError";
}

/** The chain. @throws {@link RequestError} */
export function layerIn({ chain }: RequestValues): Layer {
  if (chain === "l1" || chain === "l2") return chain;
  throw new RequestError(`--chain is "${chain ?? ""}": say l1 or l2`);
}

/** Whose Safe acts. @throws {@link RequestError} */
export function callerIn({ as: who = "governance" }: RequestValues, actors: Actors): string {
  if (who === "governance" || who === "guardian" || who === "keeper") return actors[who];
  throw new RequestError(`--as is "${who}": say governance, guardian or keeper`);
}

/** The request. @throws {@link RequestError} when none or several are made, or a part is missing. */
export function requestIn(values: RequestValues): Request {
  const { cancel, upgrade, contract } = values;
  const kinds = [cancel === true, upgrade !== undefined, contract !== undefined].filter(Boolean).length;
  if (kinds !== 1) throw new RequestError("say one of --contract, --upgrade and --cancel");
  if (cancel === true) return { type: "cancel", operation: operationIn(values) };
  if (upgrade !== undefined) {
    return { type: "upgrade", contract: upgradeable(upgrade), implementation: implementationIn(values) };
  }
  const { function: name = "", arguments: json = "[]" } = values;
  if (name === "") throw new RequestError("--contract needs --function, and --arguments where the function takes any");
  return { type: "call", contract: contract ?? "", function: name, arguments: json };
}

function operationIn({ operation = "" }: RequestValues): string {
  if (isHexString(operation, 32)) return operation;
  throw new RequestError(`--operation is "${operation}": give the 32 bytes that npm run roles lists`);
}

function upgradeable(name: string): UpgradeableContract {
  const found = upgradeableContracts.find((contract) => contract === name);
  if (found !== undefined) return found;
  throw new RequestError(`--upgrade is "${name}": say one of ${upgradeableContracts.join(", ")}`);
}

function implementationIn({ implementation = "" }: RequestValues): string {
  try {
    if (getAddress(implementation) === implementation) return implementation;
  } catch {
    // Told below, as one without its checksum is.
  }
  throw new RequestError(`--implementation is "${implementation}": give an address with its checksum`);
}
