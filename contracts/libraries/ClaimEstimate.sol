// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IStakingPool} from "../interfaces/IStakingPool.sol";

/// @title ClaimEstimate
/// @notice When METIS for the queue should be on Metis. An estimate for wallets; nothing that holds METIS rests on it.
library ClaimEstimate {
    /// @notice Reports are expected this often, in seconds.
    uint256 internal constant REPORT_PERIOD = 1 days;
    /// @notice From the cutoff of a report to its delivery: the hour that a ticket must be older than it, and the bridge.
    uint256 internal constant REPORT_DELAY = 2 hours;
    /// @notice From the moment at which the queue can be funded to the call that does it.
    uint256 internal constant REBALANCE_DELAY = 1 hours;
    /// @notice METIS takes this long from Ethereum to Metis, with room for a busy bridge.
    uint256 internal constant BRIDGE_DELAY = 4 hours;
    /// @notice The keeper recalls within this time.
    uint256 internal constant RECALL_DELAY = 1 days;
    /// @notice The need's way to Ethereum, the wait before a sequencer exits for it, and the exit.
    uint256 internal constant EXIT_DELAY = 7 days + 7 days + 21 days;

    /// @notice When `assets` wei, all that stands before the end of a ticket, should be funded, Unix seconds. `cutoff` is the
    /// pool's, and the ticket is old enough after that many further `reports`.
    function timestamp(
        IStakingPool pool,
        uint256 assets,
        uint256 cutoff,
        uint256 reports
    ) internal view returns (uint256) {
        uint256 fundedAt = block.timestamp + _delay(pool, assets);
        return Math.max(fundedAt, _reportedAt(cutoff, reports)) + REBALANCE_DELAY;
    }

    function _delay(IStakingPool pool, uint256 assets) private view returns (uint256) {
        uint256 available = pool.buffer();
        if (assets <= available) return 0;
        available += pool.inboundAssets();
        if (assets <= available) return BRIDGE_DELAY;
        available += pool.withdrawableOnL1();
        return assets <= available ? RECALL_DELAY + BRIDGE_DELAY : EXIT_DELAY + BRIDGE_DELAY;
    }

    /// @dev A report that is overdue is expected within a period.
    function _reportedAt(uint256 cutoff, uint256 reports) private view returns (uint256) {
        if (reports == 0) return block.timestamp;
        uint256 due = cutoff + reports * REPORT_PERIOD + REPORT_DELAY;
        return due >= block.timestamp ? due : block.timestamp + REPORT_PERIOD;
    }
}
