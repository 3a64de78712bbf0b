# A case opened at the window, paid before the warning came, and a record put right afterwards.
Li is an operator
Wang is an operator
Chen is a supervisor

10:00 Li opens a high investment case for 13900001111: "老人说要去银行给老师转账"
then the case of 13900001111 is open and high
then the case of 13900001111 says "opened by hand"
10:01 Wang opens a medium investment case for 13900001111: "同一位老人"
refused: case 1 is open for this resident and type
10:05 Li closes the case of 13900001111 as stop_payment
then the case of 13900001111 is following_up
then 13900001111 lost money at 10:05
10:10 Wang corrects lost_at of the case of 13900001111 to "2026-11-24T09:30:00+08:00" because "the bank's slip"
then 13900001111 lost money at 09:30
10:11 Wang corrects colour of the case of 13900001111 to "red" because "no"
refused: fraud_type, closing.reason, lost_at and loss_fen can
10:12 Wang corrects closing.reason of the case of 13900001111 to "dissuaded" because "he says so"
refused: needs the resident in person
10:13 Wang corrects fraud_type of the case of 13900001111 to "dating" because "it was the friend from the net"
10:14 Wang corrects closing.reason of the case of 13900001111 to "lost_before_warning" because "paid at 09:30"
# left out of the rates: the money went before the warning
then on day 33 protected_rate is 0/0
