// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @title TestAccount
/// @notice An account with code: does what it is told, and when it is paid in native coin refuses, or calls whom it was told to.
contract TestAccount {
    bool public refuses;
    address public callee;
    bytes public data;
    /// @notice What the call on being paid returned, or why it failed.
    bytes public answer;
    bool public isAnswered;

    function refuse() external {
        refuses = true;
    }

    /// @notice The next payment makes this account call `callee_` with `data_`, once.
    function callWhenPaid(address callee_, bytes calldata data_) external {
        callee = callee_;
        data = data_;
    }

    /// @notice Calls `to` from here with all METIS sent along; fails as the call fails.
    function execute(address to, bytes calldata callData) external payable returns (bytes memory result) {
        bool isDone;
        (isDone, result) = to.call{value: msg.value}(callData);
        if (!isDone) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
    }

    // solhint-disable-next-line no-complex-fallback
    receive() external payable {
        require(!refuses, "no, thanks");
        if (callee != address(0)) _call();
    }

    function _call() private {
        address to = callee;
        callee = address(0);
        (isAnswered, answer) = to.call(data);
    }
}
