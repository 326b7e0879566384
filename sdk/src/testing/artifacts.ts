/**
 * In the built kit this stands in the place of `scripts/lib/artifacts.ts`: the same names, made from a generated table instead of
 * Hardhat's artifacts and TypeChain's bindings.
 */
import { Contract, ContractFactory, type ContractRunner, Interface, type Signer } from "ethers";

import { artifacts } from "../generated/testing/artifacts";

const table: Readonly<Record<string, { readonly abi: readonly string[]; readonly bytecode: string }>> = artifacts;

/** The creation code and interface of a contract. */
export function readArtifact(name: string): Promise<{ readonly abi: readonly string[]; readonly bytecode: string }> {
  const artifact = table[name];
  return artifact === undefined
    ? Promise.reject(new Error(`the kit has no contract ${name}`))
    : Promise.resolve(artifact);
}

/** A binding with what TypeChain's have. */
function bindingOf(name: keyof typeof artifacts) {
  const { abi, bytecode } = artifacts[name];
  return class extends ContractFactory {
    static readonly abi = abi;

    constructor(signer: Signer) {
      super(abi, bytecode, signer);
    }

    static createInterface(): Interface {
      return new Interface(abi);
    }

    static connect(address: string, runner: ContractRunner): Contract {
      return new Contract(address, abi, runner);
    }
  };
}

export const AccessManager__factory = bindingOf("AccessManager");
export const EMetis__factory = bindingOf("EMetis");
export const L1Gateway__factory = bindingOf("L1Gateway");
export const L2Gateway__factory = bindingOf("L2Gateway");
export const LocalAddressManager__factory = bindingOf("LocalAddressManager");
export const LocalDeployerWhitelist__factory = bindingOf("LocalDeployerWhitelist");
export const LocalDiscountOracle__factory = bindingOf("LocalDiscountOracle");
export const LocalGasPriceOracle__factory = bindingOf("LocalGasPriceOracle");
export const LocalL1Messenger__factory = bindingOf("LocalL1Messenger");
export const LocalL1StandardBridge__factory = bindingOf("LocalL1StandardBridge");
export const LocalL2Messenger__factory = bindingOf("LocalL2Messenger");
export const LocalL2StandardBridge__factory = bindingOf("LocalL2StandardBridge");
export const LocalLockingInfo__factory = bindingOf("LocalLockingInfo");
export const LocalLockingPoolMainnet__factory = bindingOf("LocalLockingPoolMainnet");
export const LocalLockingPool__factory = bindingOf("LocalLockingPool");
export const LocalMetisCoinbase__factory = bindingOf("LocalMetisCoinbase");
export const LocalMetis__factory = bindingOf("LocalMetis");
export const LocalProxy__factory = bindingOf("LocalProxy");
export const LocalSequencerFeeVault__factory = bindingOf("LocalSequencerFeeVault");
export const LocalTransactionChain__factory = bindingOf("LocalTransactionChain");
export const LockManager__factory = bindingOf("LockManager");
export const RedemptionQueue__factory = bindingOf("RedemptionQueue");
export const SEMetis__factory = bindingOf("SEMetis");
export const SequencerVault__factory = bindingOf("SequencerVault");
export const StakingPool__factory = bindingOf("StakingPool");
