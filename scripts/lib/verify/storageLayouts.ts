/** Storage layouts as compiled, against those that were recorded when storage with them was first deployed. */
import type { Layer } from "../../config/localChains";
import { readLayouts } from "../layoutBuild";
import { checkLayouts, halves, upgradeableContracts } from "../layouts";
import { type Comparison, compareEach } from "./finding";

const onL1: readonly string[] = ["LockManager", "L1Gateway", "SequencerVault"];
const same = "as recorded";

/**
 * Compares the layouts. Code that is as compiled has the layout that is compiled, so with the comparison of code this says what layout
 * the storage on the chain is read by.
 *
 * @param folder - The folder of recorded layouts.
 * @throws LayoutError when a contract is not compiled.
 */
export async function compareLayouts(folder: string): Promise<readonly Comparison[]> {
  const present = await readLayouts([...upgradeableContracts, ...halves.map(({ half }) => half)]);
  const faults = await checkLayouts(folder, present);
  return upgradeableContracts.flatMap((contract) => {
    const found = faults.filter((fault) => fault.contract === contract).map(({ message }) => message);
    const chain: Layer = onL1.includes(contract) ? "l1" : "l2";
    const said = found.length === 0 ? same : found.join("; ");
    return compareEach({ chain, contract, type: "storageLayout" }, [["storage layout", same, said]]);
  });
}
