/** Where Metis's own contracts live on Metis. Source: MetisProtocol/mvm at 79c1236, Lib_PredeployAddresses.sol. */
export const predeploys = {
  deployerWhitelist: "0x4200000000000000000000000000000000000002",
  messenger: "0x4200000000000000000000000000000000000007",
  gasPriceOracle: "0x420000000000000000000000000000000000000F",
  bridge: "0x4200000000000000000000000000000000000010",
  sequencerFeeVault: "0x4200000000000000000000000000000000000011",
  metis: "0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000",
} as const;
