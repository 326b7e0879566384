/**
 * A running eMetis on two development chains, for the tests of those who build on it.
 *
 * @packageDocumentation
 */
export type { KitAccount, KitAccounts } from "./accounts";
export { DevelopmentNodeError, MissingToolError, TestKitError } from "./errors";
export type { DevelopmentNode, KitNode } from "./nodes";
export type { KitReward } from "./positions";
export { type EMetisKit, type EMetisKitOptions, startEMetis } from "./startEMetis";
