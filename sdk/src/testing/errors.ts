import { EMetisError } from "../errors";
import type { Side } from "../types";

/** A tool that the test kit runs is not installed where your project can see it. */
export class MissingToolError extends EMetisError {
  constructor(
    /** The package's name. */
    readonly tool: string,
    /** The version that is there; `undefined` when there is none. */
    readonly found: string | undefined,
    /** The folder it was looked for from. */
    readonly root: string,
    options?: ErrorOptions,
  ) {
    super(
      `${found === undefined ? `No ${tool}` : `${tool} ${found}, which has no in-process network for this kit,`} is installed for ${root}: ` +
        `run npm i -D ${tool}@2 there, pass the right folder as "root", or pass two development nodes as "nodes".`,
      options,
    );
  }
}

/** A node cannot be what the test kit deploys on. */
export class DevelopmentNodeError extends EMetisError {
  constructor(
    readonly side: Side,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(
      `The node for ${side} ${reason}: give a fresh development node, hardhat node or anvil, of its own chain id.`,
      options,
    );
  }
}

/** The protocol is not in a state in which a helper of the test kit can do what was asked. */
export class TestKitError extends EMetisError {
  constructor(
    /** The helper's name. */
    readonly helper: string,
    readonly reason: string,
  ) {
    super(`${helper} cannot be done: ${reason}.`);
  }
}
