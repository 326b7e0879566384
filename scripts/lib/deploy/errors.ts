/** What stops a deployment. Each says what is wrong and what to do; nothing that was sent is lost by it. */
import { EMetisError } from "../../../sdk/src/errors";
import type { Layer } from "../../config/localChains";

const restart =
  "run again with --restart for a new plan at new addresses; what the old one has deployed stays unused, and the vaults need a new whitelist request";

/** Something is not as it must be before anything is sent. */
export class RefusedError extends EMetisError {
  constructor(readonly problems: readonly string[]) {
    super(`Nothing is sent:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
}

/** The code at a planned address is not what the plan puts there. */
export class StrangeCodeError extends EMetisError {
  constructor(
    readonly step: string,
    readonly address: string,
    readonly expectedHash: string,
    readonly foundHash: string,
  ) {
    super(
      `${step}: the code at ${address} has hash ${foundHash}, the artifact gives ${expectedHash}. It was built from other sources ` +
        "or is somebody else's: do not go on with it before you know which.",
    );
  }
}

/** A nonce that the plan keeps for a step was used for something else. */
export class ForeignNonceError extends EMetisError {
  constructor(
    readonly step: string,
    readonly layer: Layer,
    readonly deployer: string,
    readonly planned: number,
    readonly next: number,
    /** The transaction of this plan that used it up and reverted; `undefined` when it was another one. */
    readonly failed: string | undefined,
  ) {
    const reason =
      failed === undefined
        ? "a transaction that is not of this plan used it up: find out who has the key"
        : `its transaction ${failed} reverted and used it up`;
    super(
      `${step} has nonce ${planned} of ${deployer} on ${layer.toUpperCase()}, which is at ${next}: ${reason}. Then ${restart}.`,
    );
  }
}

/** The deployer sent something that is not mined yet: a plan made now would begin at a nonce that is taken. */
export class PendingTransactionError extends EMetisError {
  constructor(
    readonly layer: Layer,
    readonly deployer: string,
    readonly mined: number,
    readonly pending: number,
  ) {
    super(
      `${deployer} has ${pending - mined} transaction(s) under way on ${layer.toUpperCase()}: wait until they are mined, then plan again.`,
    );
  }
}

/** What would be sent is not what the plan began with. */
export class PlanChangedError extends EMetisError {
  constructor(
    readonly steps: readonly string[],
    readonly commit: string,
  ) {
    super(
      `The plan was made at commit ${commit}, and these steps would be others now: ${steps.join(", ")}. The sources, setup.json or ` +
        `external.json changed: bring them back, or ${restart}.`,
    );
  }
}

/** The plan is for another deployer or chain than is asked for now. */
export class OtherPlanError extends EMetisError {
  constructor(
    readonly field: string,
    readonly planned: string,
    readonly given: string,
  ) {
    super(`plan.json is of ${field} ${planned}, and ${given} is given: use that one, or ${restart}.`);
  }
}

/** A new plan is asked for in place of one that was carried out to its end. */
export class FinishedPlanError extends EMetisError {
  constructor(readonly folder: string) {
    super(
      `${folder} holds a deployment whose power is handed over, and a new plan would take its records' place: ` +
        "take another folder with --deployments, or move this one away by hand.",
    );
  }
}

/** The message of the smoke test has not come to Metis in time. */
export class NotArrivedError extends EMetisError {
  constructor(
    readonly step: string,
    /** Milliseconds that were waited. */
    readonly waited: number,
    readonly messenger: string,
  ) {
    super(
      `${step}: nothing after ${Math.round(waited / 1000)} s. Run the same command later: it goes on waiting, and sends nothing before. If it does ` +
        `not come within hours, its delivery failed: have it replayed with more gas by L1CrossDomainMessenger ${messenger} ` +
        "(replayMessageViaChainId, anyone may; NOT with the deployer's key, whose nonces are planned). If it fails again the bridge does not " +
        "carry our messages: deploy nothing.",
    );
  }
}

/** A transaction was carried out and the chain does not show what it was for. */
export class NoEffectError extends EMetisError {
  constructor(
    readonly step: string,
    readonly transaction: string,
  ) {
    super(`${step}: ${transaction} succeeded and the chain does not show it. Do not go on before you know why.`);
  }
}

/** The transaction that created a contract cannot be found. */
export class CreationNotFoundError extends EMetisError {
  constructor(
    readonly step: string,
    readonly address: string,
  ) {
    super(
      `${step}: the node does not show the transaction that created ${address}. Its record needs it: run again with a node that keeps history.`,
    );
  }
}

/** A vault is not as the setup has it. */
export class VaultMismatchError extends EMetisError {
  constructor(
    readonly index: number,
    readonly found: string,
    readonly expected: string,
  ) {
    super(
      `Vault ${index} is there with other key, operator, commission or cap than setup.json has (operator ${found}, setup ${expected}): ` +
        "correct setup.json, or have governance correct the vault.",
    );
  }
}

/** What gives power to somebody beyond the setup. */
export interface PowerFinding {
  readonly layer: Layer;
  /** The account, contract or function that it is about. */
  readonly subject: string;
  readonly message: string;
}

/** Somebody beyond the setup has power, or somebody of it lacks his. */
export class PowerError extends EMetisError {
  constructor(readonly findings: readonly PowerFinding[]) {
    super(
      `Power is not where the setup has it:\n${findings.map(({ layer, message }) => `  - ${layer.toUpperCase()}: ${message}`).join("\n")}`,
    );
  }
}
