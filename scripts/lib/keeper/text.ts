/** A dry run, for a person. */
import { formatEther } from "ethers";

import type { Decision, Wait } from "./decide/decision";

/** One line for each crank: what would be done and why, or why not. */
export function describe(decisions: readonly Decision[]): readonly string[] {
  return decisions.map(lineOf);
}

function lineOf(decision: Decision): string {
  const { action, chain, subject, why, cost } = decision;
  const coin = chain === "l1" ? "ETH" : "METIS";
  const name = `${chain.toUpperCase()}  ${action.padEnd(22)}  ${subject === undefined ? "" : `${shortened(subject)}: `}${why}`;
  if (decision.isDue) return `do    ${name}; costs about ${formatEther(cost)} ${coin}`;
  return `wait  ${name}${because(decision.wait, coin)}`;
}

/** A message's hash is named by its beginning. */
function shortened(subject: string): string {
  return subject.length > 12 ? `${subject.slice(0, 10)}…` : subject;
}

function because(wait: Wait, coin: string): string {
  switch (wait.type) {
    case "nothing":
      return "";
    case "until":
      return `; not before ${new Date(Number(wait.at) * 1_000).toISOString()}`;
    case "worth":
      return `; worth it from ${formatEther(wait.needed)} METIS on`;
    case "gasPrice":
      return `; gas is at ${wait.gasPrice} wei, the most is ${wait.maximum}`;
    case "balance":
      return `; the keeper lacks ${formatEther(wait.missing)} ${coin}`;
    case "cap":
      return `; the day's cap leaves ${formatEther(wait.left)} ${coin}`;
    case "unsettled":
      return "; it shows only in the last blocks of Ethereum";
    case "blocked":
      return "; somebody else must act";
  }
}
