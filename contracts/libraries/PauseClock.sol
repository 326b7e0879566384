// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @title PauseClock
/// @notice How long a guardian's pause may last: 7 days, then not again for 30; until an upgrade that is already scheduled
/// can be executed, at most 49 days.
library PauseClock {
    /// @notice How long a pause lasts by itself.
    uint256 internal constant DURATION = 7 days;
    /// @notice How long after it there is no other.
    uint256 internal constant COOLDOWN = 30 days;
    /// @notice How long it may last for a scheduled upgrade, from its beginning.
    uint256 internal constant MAX_DURATION = 49 days;

    /// @notice The next pause may begin at `notBefore`, Unix seconds.
    error PauseClock__TooSoon(uint256 notBefore);

    /// @notice Nothing is paused.
    error PauseClock__NotPaused();

    /// @notice `selector` is not that of an upgrade.
    error PauseClock__NotAnUpgrade(bytes4 selector);

    /// @notice Operation `id` is not scheduled.
    error PauseClock__NotScheduled(bytes32 id);

    /// @notice When a pause that begins at `currentTime` ends; `pausedUntil` is the end of the one before, 0 for none.
    function begin(uint256 pausedUntil, uint256 currentTime) internal pure returns (uint256 until) {
        uint256 notBefore = pausedUntil == 0 ? 0 : pausedUntil + COOLDOWN;
        require(currentTime >= notBefore, PauseClock__TooSoon(notBefore));
        return currentTime + DURATION;
    }

    /// @notice When a pause begun at `pausedAt` and lasting until `pausedUntil` ends, given the upgrade of this contract that
    /// `caller` scheduled as `data` with `authority`.
    function extend(
        uint256 pausedAt,
        uint256 pausedUntil,
        address authority,
        address caller,
        bytes calldata data
    ) internal view returns (uint256 until) {
        require(block.timestamp < pausedUntil, PauseClock__NotPaused());
        bytes4 selector = bytes4(data);
        require(selector == UUPSUpgradeable.upgradeToAndCall.selector, PauseClock__NotAnUpgrade(selector));
        bytes32 id = IAccessManager(authority).hashOperation(caller, address(this), data);
        uint256 executableAt = IAccessManager(authority).getSchedule(id);
        require(executableAt != 0, PauseClock__NotScheduled(id));
        uint256 latest = pausedAt + MAX_DURATION;
        until = executableAt < latest ? executableAt : latest;
        return until > pausedUntil ? until : pausedUntil;
    }
}
