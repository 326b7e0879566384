/** Why a proposal cannot be made. Each says what is wrong, the value, and what to do. */

/** The base of all of them. */
export class GovernanceError extends Error {
  override readonly name: string = "GovernanceError";
}

/** A chain has no governed contract of this name. */
export class UnknownContractError extends GovernanceError {
  override readonly name = "UnknownContractError";
}

/** A contract has no such function, several, or none that changes something. */
export class UnknownFunctionError extends GovernanceError {
  override readonly name = "UnknownFunctionError";
}

/** Arguments do not fit a function. */
export class ArgumentsError extends GovernanceError {
  override readonly name = "ArgumentsError";
}

/** Anyone may call the function, so it needs no proposal. */
export class NotRestrictedError extends GovernanceError {
  override readonly name = "NotRestrictedError";
}

/** The account may not call the function, now or later. */
export class ForbiddenError extends GovernanceError {
  override readonly name = "ForbiddenError";
}

/** A new implementation is not the present build, or would misread what is stored. */
export class UpgradeError extends GovernanceError {
  override readonly name = "UpgradeError";
}

/** No such operation waits. */
export class UnknownOperationError extends GovernanceError {
  override readonly name = "UnknownOperationError";
}

/** A step of the simulation did not do what it must: nothing is to be proposed. */
export class SimulationError extends GovernanceError {
  override readonly name = "SimulationError";

  constructor(
    /** The step: "schedule", "execute", "cancel" or "call". */
    readonly step: string,
    /** The contract's error with its values, or what the node says. */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`the simulation stopped at "${step}": ${reason}; nothing was written`, options);
  }
}
