/** A contract of a local node at another address than the one it was deployed at. */
import { type LocalNode, setCode, setStorage } from "./localNode";

/** The slots that a constructor of a stand-in can have written: its first ones, and those of ERC-1967 for the implementation and the admin. */
const slots: readonly bigint[] = [
  ...Array.from({ length: 16 }, (_, slot) => BigInt(slot)),
  0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbcn,
  0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103n,
];

/**
 * Moves a contract that was just deployed and has no immutable that is its own address: its code, and what its constructor wrote outside of mappings.
 * Nothing is left where it was.
 *
 * @throws When there is code at the other address already.
 */
export async function moveContract(node: LocalNode, from: string, to: string): Promise<void> {
  if ((await node.getCode(to)) !== "0x") throw new Error(`${to} has code already: no contract can be put there`);
  await setCode(node, to, await node.getCode(from));
  for (const slot of slots) {
    const word = BigInt(await node.getStorage(from, slot));
    if (word === 0n) continue;
    await setStorage(node, to, slot, word);
    await setStorage(node, from, slot, 0n);
  }
  await setCode(node, from, "0x");
}
