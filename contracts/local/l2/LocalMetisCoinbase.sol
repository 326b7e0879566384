// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IL2StandardERC20} from "../../interfaces/metis/IL2StandardERC20.sol";

import {LocalInitializable} from "./LocalInitializable.sol";

/// @title LocalMetisCoinbase
/// @notice Local only. MVM_Coinbase at 0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000: METIS on Metis, the native coin seen as an ERC-20.
/// @dev Metis keeps both in one ledger; an EVM cannot take native coin from an account that does not send it. So:
/// - `mint` pays from this contract's own balance, which the set-up makes large, without running code of the receiver;
/// - `transfer`, `transferFrom` and `burn` write a movement into a journal. {balanceOf} counts it at once; the native balances follow when the local
///   relayer settles, right after the transaction, through the node (`hardhat_setBalance`), without a block of its own.
/// What differs until then, inside one transaction: `a.balance` still shows METIS that `a` has burned or transferred. {balanceOf} is exact.
/// Leaves out: that this contract's own balance is nobody's. The relayer writes {settledCount} and {unsettled}: their slots must not move.
contract LocalMetisCoinbase is IERC20, IL2StandardERC20, LocalInitializable {
    /// @notice A movement of METIS; `to == 0` burns.
    struct Movement {
        address from;
        address to;
        uint256 amount;
    }

    /// @notice Movements that the native balances already follow. In storage slot 1.
    uint256 public settledCount;
    /// @notice What an account's native balance still lacks (positive) or has too much (negative), in wei. In storage slot 2.
    mapping(address account => int256) public unsettled;
    Movement[] private _movements;

    address public l2Bridge;
    uint256 public totalSupply;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    string public constant name = "Metis Token";
    string public constant symbol = "METIS";
    uint8 public constant decimals = 18;
    address public constant l1Token = address(0);

    event Mint(address indexed _account, uint256 _amount);
    event Burn(address indexed _account, uint256 _amount);
    /// @notice Local. A movement waits to be settled by the relayer.
    event Moved(uint256 indexed index, address indexed from, address indexed to, uint256 amount);

    modifier onlyL2Bridge() {
        require(msg.sender == l2Bridge, "Only L2 Bridge can mint and burn");
        _;
    }

    function initialize(address l2Bridge_, uint256 genesisSupply) external initializer {
        l2Bridge = l2Bridge_;
        totalSupply = genesisSupply;
    }

    /// @inheritdoc IL2StandardERC20
    function mint(address to, uint256 amount) external onlyL2Bridge {
        require(to != address(0), "ERC20: mint to the zero address");
        totalSupply += amount;
        emit Transfer(address(0), to, amount);
        emit Mint(to, amount);
        _forceSend(to, amount);
    }

    /// @inheritdoc IL2StandardERC20
    function burn(address from, uint256 amount) external onlyL2Bridge {
        require(balanceOf(from) >= amount, "ERC20: burn amount exceeds balance");
        totalSupply -= amount;
        emit Transfer(from, address(0), amount);
        emit Burn(from, amount);
        _move(from, address(0), amount);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _transfer(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        require(allowed >= amount, "ERC20: transfer amount exceeds allowance");
        _transfer(from, to, amount);
        _approve(from, msg.sender, allowed - amount);
        return true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        _approve(msg.sender, spender, amount);
        return true;
    }

    function increaseAllowance(address spender, uint256 addedValue) external returns (bool) {
        _approve(msg.sender, spender, allowance[msg.sender][spender] + addedValue);
        return true;
    }

    function decreaseAllowance(address spender, uint256 subtractedValue) external returns (bool) {
        require(allowance[msg.sender][spender] >= subtractedValue, "ERC20: decreased allowance below zero");
        _approve(msg.sender, spender, allowance[msg.sender][spender] - subtractedValue);
        return true;
    }

    /// @notice Local. Movements ever written.
    function movementCount() external view returns (uint256) {
        return _movements.length;
    }

    /// @notice Local. Movement `index`.
    function movement(uint256 index) external view returns (Movement memory) {
        return _movements[index];
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == 0x01ffc9a7 || interfaceId == type(IL2StandardERC20).interfaceId;
    }

    /// @notice The METIS of `account`, in wei: its native balance, and what is not settled yet.
    function balanceOf(address account) public view returns (uint256) {
        int256 balance = int256(account.balance) + unsettled[account];
        return balance > 0 ? uint256(balance) : 0;
    }

    function _transfer(address from, address to, uint256 amount) private {
        require(to != address(0), "ERC20: transfer to the zero address");
        require(balanceOf(from) >= amount, "ERC20: transfer amount exceeds balance");
        emit Transfer(from, to, amount);
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        unsettled[from] -= int256(amount);
        if (to != address(0)) unsettled[to] += int256(amount);
        emit Moved(_movements.length, from, to, amount);
        _movements.push(Movement(from, to, amount));
    }

    /// @dev A contract whose only code, run at its creation, is PUSH20 `to` SELFDESTRUCT: its value moves and no code of `to` runs.
    function _forceSend(address to, uint256 amount) private {
        bytes memory code = abi.encodePacked(hex"73", to, hex"ff");
        address sent;
        assembly ("memory-safe") {
            sent := create(amount, add(code, 32), mload(code))
        }
        require(sent != address(0), "local METIS is used up");
    }

    function _approve(address tokenOwner, address spender, uint256 amount) private {
        require(spender != address(0), "ERC20: approve to the zero address");
        allowance[tokenOwner][spender] = amount;
        emit Approval(tokenOwner, spender, amount);
    }
}
