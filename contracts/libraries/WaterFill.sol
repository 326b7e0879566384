// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title WaterFill
/// @notice How idle METIS is spread: the emptiest vault first, as water fills vessels.
library WaterFill {
    /// @notice What each vault gets of `assets`. All values in wei of METIS; `levels` and `ceilings` are used up.
    /// @dev First every started vault comes to `minLock`, then vaults are opened with `minLock` each while it lasts, then the
    /// lowest levels rise together. Less than one wei a vault may be left over.
    /// @param levels What each vault has; 0 for one to be opened.
    /// @param ceilings What each may have; at or below its level for one that gets nothing.
    function plan(
        uint256[] memory levels,
        uint256[] memory ceilings,
        uint256 minLock,
        uint256 assets
    ) internal pure returns (uint256[] memory shares) {
        shares = new uint256[](levels.length);
        for (uint256 i = 0; i < levels.length; i++) {
            if (levels[i] == 0) continue;
            assets -= _raise(levels, ceilings, shares, i, minLock, assets);
        }
        for (uint256 i = 0; i < levels.length; i++) {
            if (levels[i] != 0) continue;
            if (assets < minLock || ceilings[i] < minLock) ceilings[i] = 0;
            else assets -= _raise(levels, ceilings, shares, i, minLock, assets);
        }
        _fill(levels, ceilings, shares, assets);
    }

    /// @dev Each round reaches a ceiling or joins two levels, or spends what is left: it ends within twice the vaults.
    function _fill(
        uint256[] memory levels,
        uint256[] memory ceilings,
        uint256[] memory shares,
        uint256 assets
    ) private pure {
        while (true) {
            (uint256 level, uint256 next, uint256 count) = _lowest(levels, ceilings);
            if (assets < count || count == 0) return;
            uint256 rise = next - level;
            if (rise > assets / count) rise = assets / count;
            for (uint256 i = 0; i < levels.length; i++) {
                if (levels[i] != level || ceilings[i] <= level) continue;
                assets -= _raise(levels, ceilings, shares, i, level + rise, assets);
            }
        }
    }

    /// @dev The lowest level with room above it, how far it may rise before it meets another or a ceiling, and how many stand there.
    function _lowest(
        uint256[] memory levels,
        uint256[] memory ceilings
    ) private pure returns (uint256 level, uint256 next, uint256 count) {
        level = type(uint256).max;
        next = type(uint256).max;
        for (uint256 i = 0; i < levels.length; i++) {
            if (levels[i] < ceilings[i] && levels[i] < level) level = levels[i];
        }
        for (uint256 i = 0; i < levels.length; i++) {
            if (levels[i] >= ceilings[i]) continue;
            uint256 mark = levels[i] == level ? ceilings[i] : levels[i];
            if (mark < next) next = mark;
            if (levels[i] == level) count++;
        }
    }

    /// @dev Raises vault `i` towards `goal`, as far as its ceiling and `assets` go.
    function _raise(
        uint256[] memory levels,
        uint256[] memory ceilings,
        uint256[] memory shares,
        uint256 i,
        uint256 goal,
        uint256 assets
    ) private pure returns (uint256 added) {
        if (goal > ceilings[i]) goal = ceilings[i];
        if (goal <= levels[i]) return 0;
        added = goal - levels[i];
        if (added > assets) added = assets;
        levels[i] += added;
        shares[i] += added;
    }
}
