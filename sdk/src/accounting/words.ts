import { checkAnyAddress } from "../check";
import { RpcAnswerError } from "../errors";
import type { Address, Side } from "../types";

/** Reads the 32-byte words of one log: of its topics from 1 on, and of its data from 0 on. */
export interface Words {
  readonly topic: (position: number) => bigint;
  readonly topicAddress: (position: number) => Address;
  readonly data: (position: number) => bigint;
  readonly dataAddress: (position: number) => Address;
}

/**
 * A reader of logs for one run. It remembers the addresses met in the run: their checksums are dear.
 *
 * @throws {@link RpcAnswerError}, when read, for a word that the log does not have.
 * @example
 * const words = wordReader()("l2", log);
 */
export function wordReader(): (
  side: Side,
  log: { readonly topics: readonly string[]; readonly data: string },
) => Words {
  const known = new Map<string, Address>();
  const address = (word: string): Address => {
    const found = known.get(word);
    if (found !== undefined) return found;
    const checked = checkAnyAddress("address", `0x${word.slice(24)}`);
    known.set(word, checked);
    return checked;
  };
  return (side, { topics, data }) => {
    const topic = (position: number): string => wholeWord(side, topics[position]?.slice(2));
    const word = (position: number): string => wholeWord(side, data.slice(2 + 64 * position, 66 + 64 * position));
    return {
      topic: (position) => BigInt(`0x${topic(position)}`),
      topicAddress: (position) => address(topic(position)),
      data: (position) => BigInt(`0x${word(position)}`),
      dataAddress: (position) => address(word(position)),
    };
  };
}

function wholeWord(side: Side, word: string | undefined): string {
  if (word?.length === 64) return word;
  throw new RpcAnswerError(side, "eth_getLogs", "a log is shorter than its event");
}
