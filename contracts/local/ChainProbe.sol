// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title What a contract sees of the chain it runs on, for the tests of the local chains themselves.
contract ChainProbe {
    /// @notice The number given at deployment.
    uint256 public immutable MARK;

    /// @notice How often `touch` was called.
    uint256 public touches;

    /// @notice `caller` touched the probe for the `touches`-th time.
    event Touched(address indexed caller, uint256 touches);

    /// @notice The probe was told to fail with `code`.
    error ChainProbe__Failed(uint256 code);

    /// @param mark Any number, to tell one probe from another.
    constructor(uint256 mark) {
        MARK = mark;
    }

    /// @notice Takes any amount of the chain's coin.
    receive() external payable {}

    /// @notice Counts a call.
    function touch() external {
        emit Touched(msg.sender, ++touches);
    }

    /// @notice Reverts.
    /// @param code Comes back in the error.
    function fail(uint256 code) external pure {
        revert ChainProbe__Failed(code);
    }

    /// @notice The chain id that a contract sees.
    function chainId() external view returns (uint256) {
        return block.chainid;
    }

    /// @notice The block's timestamp that a contract sees, in Unix seconds.
    function timestamp() external view returns (uint256) {
        return block.timestamp;
    }
}
