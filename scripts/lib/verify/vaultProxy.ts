/** The vaults' proxies: Solady's, which are no artifact of ours, and whose addresses LockManager foretells. */
import { concat, dataSlice, getCreate2Address, keccak256, toBeHex } from "ethers";

/** What creates a proxy of a beacon, up to and from the beacon's address: LibClone.initCodeERC1967BeaconProxy in Solady 0.1.26. */
const beforeBeacon = "0x60523d8160223d3973";
const afterBeacon =
  "0x60195155f3363d3d373d3d363d602036600436635c60da" +
  "1b60e01b36527fa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6c" +
  "b3582b35133d50545afa5036515af43d6000803e604d573d6000fd5b3d6000f3";
/** Bytes of it that only create: the rest is the proxy's code. */
const creatingBytes = 0x22;

/** The code of every vault. The beacon is in its storage, so it is the same for all. */
export const vaultCode = dataSlice(concat([beforeBeacon, toBeHex(0, 20), afterBeacon]), creatingBytes);

/** Where vault `index` is or will be. */
export function vaultAddressOf(lockManager: string, beacon: string, index: number): string {
  const initCode = concat([beforeBeacon, beacon, afterBeacon]);
  return getCreate2Address(lockManager, toBeHex(index, 32), keccak256(initCode));
}
