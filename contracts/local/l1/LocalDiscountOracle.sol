// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {IAddressManager} from "../../interfaces/metis/IAddressManager.sol";
import {IDiscountOracle} from "../../interfaces/metis/IDiscountOracle.sol";

/// @title LocalDiscountOracle
/// @notice Local only. MVM_DiscountOracle, which prices messages to Metis and knows who may send them.
/// @dev Keeps: price and least gas, both set by METIS_MANAGER; the whitelist of senders; that the whole value goes to the sequencer of the
/// chain. Leaves out: Sepolia's way of keeping the fees in the oracle until the sequencer withdraws them.
contract LocalDiscountOracle is IDiscountOracle {
    using Strings for uint256;

    string public constant CONFIG_OWNER_KEY = "METIS_MANAGER";

    address public libAddressManager;
    uint256 public discount;
    uint256 public minL2Gas;
    mapping(address sender => bool) public xDomainWL;
    bool private _allowAllXDomainSenders;

    modifier onlyManager() {
        require(
            msg.sender == resolve(CONFIG_OWNER_KEY),
            "MVM_DiscountOracle: Function can only be called by the METIS_MANAGER."
        );
        _;
    }

    constructor(address addressManager, uint256 initialDiscount) {
        libAddressManager = addressManager;
        discount = initialDiscount;
        minL2Gas = 200_000;
    }

    function setDiscount(uint256 newDiscount) external onlyManager {
        discount = newDiscount;
    }

    function setMinL2Gas(uint256 newMinL2Gas) external onlyManager {
        minL2Gas = newMinL2Gas;
    }

    function setWhitelistedXDomainSender(address sender, bool isWhitelisted) external onlyManager {
        xDomainWL[sender] = isWhitelisted;
    }

    function setAllowAllXDomainSenders(bool allowAll) external onlyManager {
        _allowAllXDomainSenders = allowAll;
    }

    /// @notice Takes the fee of one message. Anybody may call, as on the real one: it only gives ETH away.
    function processL2SeqGas(address sender, uint256 chainId) external payable {
        require(isXDomainSenderAllowed(sender), "sender is not whitelisted");
        string memory name = string.concat(chainId.toString(), "_MVM_Sequencer");
        address sequencer = resolve(name);
        require(sequencer != address(0), string.concat("sequencer address not available: ", name));
        (bool sent, ) = sequencer.call{value: msg.value}("");
        require(sent, "Failed to send Ether");
    }

    /// @inheritdoc IDiscountOracle
    function getDiscount() external view returns (uint256) {
        return discount;
    }

    /// @inheritdoc IDiscountOracle
    function getMinL2Gas() external view returns (uint256) {
        return minL2Gas;
    }

    function isXDomainSenderAllowed(address sender) public view returns (bool) {
        return _allowAllXDomainSenders || xDomainWL[sender];
    }

    function resolve(string memory name) public view returns (address) {
        return IAddressManager(libAddressManager).getAddress(name);
    }
}
